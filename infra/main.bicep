// Everything that one environment of JobPipeline needs, in a resource group of its own. docs/deployment.md explains it.
targetScope = 'subscription'

@description('Names the environment and, through it, every resource: dev, staging, prod, or what azd calls yours.')
@minLength(2)
@maxLength(20)
param environmentName string

@description('Region of everything that has one.')
param location string

@description('Most instances that the app may run on at the same time.')
@minValue(40)
@maxValue(1000)
param maximumInstances int

@description('Memory of an instance, in MB.')
@allowed([512, 2048, 4096])
param instanceMemory int = 2048

@description('Instances that are kept warm, by group of functions: http, durable, or function:<name>. They cost while idle.')
param alwaysReady { name: string, instanceCount: int }[] = []

@description('Settings of the app, such as JobPipeline__Retention. No secrets.')
param settings { *: string } = {}

@description('Redundancy of the storage account.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GZRS'])
param storageSku string

@description('Categories of storage logs to keep: StorageRead, StorageWrite, StorageDelete. Each call is a row, so none by default.')
param storageLogs string[] = []

@description('Days that telemetry is kept.')
@minValue(30)
@maxValue(730)
param retentionDays int

@description('GB of telemetry a day after which no more is taken until the next. Then alerts are blind; -1: no cap.')
param dailyCapGb int = -1

@description('Who is written to when an alert fires.')
param alertEmails string[]

@description('Who is called when an alert fires (common alert schema); empty: nobody. Secure, as such addresses often carry a token.')
@secure()
param alertWebhook string = ''

@description('Where the runbook is found; each alert links to its section.')
param runbook string

@description('A key of the function Ready alone. Empty, as at the first deployment: no availability test.')
@secure()
param availabilityKey string = ''

var token = uniqueString(subscription().id, environmentName, location)
var name = 'jobpipeline-${environmentName}-${token}'
var identityName = 'id-${name}'
var storageName = 'stjob${token}'
var insightsName = 'appi-${name}'
var tags = { 'azd-env-name': environmentName, product: 'JobPipeline' }

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-jobpipeline-${environmentName}'
  location: location
  tags: tags
}

module telemetry 'monitoring/telemetry.bicep' = {
  scope: group
  params: {
    workspaceName: 'log-${name}'
    insightsName: insightsName
    location: location
    tags: tags
    retentionDays: retentionDays
    dailyCapGb: dailyCapGb
  }
}

module identity 'app/identity.bicep' = {
  scope: group
  params: { name: identityName, location: location, tags: tags }
}

module storage 'app/storage.bicep' = {
  scope: group
  params: {
    name: storageName
    location: location
    tags: tags
    sku: storageSku
    logs: storageLogs
    workspaceId: telemetry.outputs.workspaceId
  }
}

module roles 'app/roles.bicep' = {
  scope: group
  params: { identityName: identityName, storageName: storageName, insightsName: insightsName }
  dependsOn: [identity, storage, telemetry]
}

module functions 'app/functions.bicep' = {
  scope: group
  params: {
    name: name
    location: location
    tags: tags
    environmentName: environmentName
    identityName: identityName
    storageName: storageName
    packages: storage.outputs.packages
    insightsName: insightsName
    workspaceId: telemetry.outputs.workspaceId
    maximumInstances: maximumInstances
    instanceMemory: instanceMemory
    alwaysReady: alwaysReady
    settings: settings
  }
  // The app signs in from its first moment on.
  dependsOn: [roles]
}

module actions 'monitoring/actions.bicep' = {
  scope: group
  params: { name: name, tags: tags, environmentName: environmentName, emails: alertEmails, webhook: alertWebhook }
}

module alerts 'monitoring/alerts.bicep' = {
  scope: group
  params: {
    name: name
    location: location
    tags: tags
    insightsId: telemetry.outputs.insightsId
    actionGroupId: actions.outputs.id
    runbook: runbook
  }
}

module availability 'monitoring/availability.bicep' = if (!empty(availabilityKey)) {
  scope: group
  params: {
    name: name
    location: location
    tags: tags
    insightsName: insightsName
    actionGroupId: actions.outputs.id
    address: 'https://${functions.outputs.host}/health/ready'
    key: availabilityKey
    runbook: runbook
  }
}

module workbook 'monitoring/workbook.bicep' = {
  scope: group
  params: { location: location, tags: tags, environmentName: environmentName, insightsName: insightsName }
  dependsOn: [telemetry]
}

@description('Names, no secrets: what a deployment needs next.')
output RESOURCE_GROUP string = group.name
output FUNCTION_APP string = functions.outputs.name
output API string = 'https://${functions.outputs.host}'
output APPLICATION_INSIGHTS string = telemetry.outputs.insightsId
output STORAGE_ACCOUNT string = storageName
