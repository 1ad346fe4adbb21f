// A developer's own environment with azd, which sets the environment name and the region.
using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'dev')
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param storageSku = 'Standard_LRS'
param maximumInstances = 40
param retentionDays = 30
param dailyCapGb = 1
param alertEmails = filter(split(readEnvironmentVariable('ALERT_EMAILS', ''), ','), email => !empty(email))
param alertWebhook = readEnvironmentVariable('ALERT_WEBHOOK', '')
param runbook = readEnvironmentVariable('RUNBOOK', 'docs/runbook.md')
param availabilityKey = readEnvironmentVariable('AVAILABILITY_KEY', '')
param settings = {
  JobPipeline__Telemetry__TraceRatio: '1'
}
