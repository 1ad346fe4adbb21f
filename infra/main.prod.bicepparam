using 'main.bicep'

param environmentName = 'prod'
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param storageSku = 'Standard_ZRS'
param maximumInstances = 100
// Avoids cold starts for callers of the API.
param alwaysReady = [{ name: 'http', instanceCount: 1 }]
param retentionDays = 90
param alertEmails = filter(split(readEnvironmentVariable('ALERT_EMAILS', ''), ','), email => !empty(email))
param alertWebhook = readEnvironmentVariable('ALERT_WEBHOOK', '')
param runbook = readEnvironmentVariable('RUNBOOK', 'docs/runbook.md')
param availabilityKey = readEnvironmentVariable('AVAILABILITY_KEY', '')
param settings = {
  // Stores all failures, and one in ten of the other traces.
  JobPipeline__Telemetry__TraceRatio: '0.1'
}
