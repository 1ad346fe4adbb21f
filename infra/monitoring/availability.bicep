// Checks from outside whether the pipeline is ready. Deployed once a key of the function Ready exists; see docs/deployment.md.
param name string
param location string
param tags object
param insightsName string
param actionGroupId string
param address string
@secure()
param key string
param runbook string
@description('The test locations. An alert requires failures at two of them, so that an outage of a single location raises none.')
param locations string[] = [
  'emea-nl-ams-azr'
  'emea-gb-db3-azr'
  'emea-se-sto-edge'
  'us-va-ash-azr'
  'apac-sg-sin-azr'
]

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource test 'Microsoft.Insights/webtests@2022-06-15' = {
  name: 'ready-${name}'
  location: location
  // The link associates the test with Application Insights.
  tags: union(tags, { 'hidden-link:${insights.id}': 'Resource' })
  kind: 'standard'
  properties: {
    SyntheticMonitorId: 'ready-${name}'
    Name: 'JobPipeline is ready'
    Kind: 'standard'
    Enabled: true
    Frequency: 300
    Timeout: 60
    RetryEnabled: true
    Locations: [for place in locations: { Id: place }]
    Request: {
      RequestUrl: address
      HttpVerb: 'GET'
      Headers: [{ key: 'x-functions-key', value: key }]
      ParseDependentRequests: false
      FollowRedirects: false
    }
    ValidationRules: { ExpectedHttpStatusCode: 200, SSLCheck: true, SSLCertRemainingLifetimeCheck: 7 }
  }
}

resource alert 'Microsoft.Insights/metricAlerts@2026-01-01' = {
  name: 'not-ready-${name}'
  location: 'global'
  tags: tags
  properties: {
    description: 'The pipeline is not ready or is unreachable. Runbook: ${runbook}'
    severity: 1
    enabled: true
    scopes: [test.id, insights.id]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: test.id
      componentId: insights.id
      failedLocationCount: 2
    }
    actions: [{ actionGroupId: actionGroupId }]
  }
}
