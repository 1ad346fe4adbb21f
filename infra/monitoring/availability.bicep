// Is the pipeline ready, seen from outside? Deployed once there is a key for the function Ready; see docs/deployment.md.
param name string
param location string
param tags object
param insightsName string
param actionGroupId string
param address string
@secure()
param key string
param runbook string
@description('Where it is asked from. Two of them must fail before it is an alert, so one that is cut off alone is none.')
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
  // The link is what makes the test a part of Application Insights.
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
    description: 'The pipeline is not ready, or can not be reached. Runbook: ${runbook}'
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
