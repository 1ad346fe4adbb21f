// Like production but smaller, and with injected faults, so that weaknesses are found before users find them.
using 'main.bicep'

param environmentName = 'staging'
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param storageSku = 'Standard_LRS'
param maximumInstances = 40
param retentionDays = 30
param dailyCapGb = 2
param alertEmails = filter(split(readEnvironmentVariable('ALERT_EMAILS', ''), ','), email => !empty(email))
param alertWebhook = readEnvironmentVariable('ALERT_WEBHOOK', '')
param runbook = readEnvironmentVariable('RUNBOOK', 'docs/runbook.md')
param availabilityKey = readEnvironmentVariable('AVAILABILITY_KEY', '')
param settings = {
  JobPipeline__Telemetry__TraceRatio: '1'
  // One storage call in a hundred is delayed, fails or loses its response; one attempt in fifty fails. docs/operations.md,
  // "Chaos in staging".
  JobPipeline__Chaos__Enabled: 'true'
  JobPipeline__Chaos__LatencyRate: '0.01'
  JobPipeline__Chaos__FaultRate: '0.01'
  JobPipeline__Chaos__LostAnswerRate: '0.01'
  JobPipeline__Chaos__HandlerFaultRate: '0.02'
}
