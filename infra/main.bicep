// All resources of one environment of JobPipeline, in its own resource group. docs/deployment.md explains it.
targetScope = 'subscription'

@description('The name of the environment, from which all resource names derive: dev, staging, prod, or the name of your azd environment.')
@minLength(2)
@maxLength(20)
param environmentName string

@description('The region of all regional resources.')
param location string

@description('The maximum number of instances of the app.')
@minValue(40)
@maxValue(1000)
param maximumInstances int

@description('The memory of an instance, in MB.')
@allowed([512, 2048, 4096])
param instanceMemory int = 2048

@description('The number of always-ready instances, by function group: http, durable, or function:<name>. They cost while idle.')
param alwaysReady { name: string, instanceCount: int }[] = []

@description('The settings of the app, such as JobPipeline__Retention. No secrets.')
param settings { *: string } = {}

@description('The redundancy of the storage account.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GZRS'])
param storageSku string

@description('The categories of storage logs to store: StorageRead, StorageWrite, StorageDelete. Each call is a row; the default is none.')
param storageLogs string[] = []

@description('The retention of telemetry, in days.')
@minValue(30)
@maxValue(730)
param retentionDays int

@description('The daily cap of telemetry in GB, after which none is ingested until the next day, so that alerts are blind; -1: no cap.')
param dailyCapGb int = -1

@description('The email addresses to notify when an alert fires.')
param alertEmails string[]

@description('The webhook to call when an alert fires (common alert schema); empty for none. Secure, because such addresses often contain a token.')
@secure()
param alertWebhook string = ''

@description('The address of the runbook; each alert links to its section.')
param runbook string

@description('A key of the function Ready only. Empty for no availability test, as at the first deployment.')
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
  // The app authenticates by identity from its first start.
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

@description('The names, without secrets, for the next steps of a deployment.')
output RESOURCE_GROUP string = group.name
output FUNCTION_APP string = functions.outputs.name
output API string = 'https://${functions.outputs.host}'
output APPLICATION_INSIGHTS string = telemetry.outputs.insightsId
output STORAGE_ACCOUNT string = storageName
