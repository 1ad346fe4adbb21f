// The rules of alert-rules.json as log alerts on the metrics of the app.
import { alertQuery, alertRange } from 'alert-query.bicep'

param name string
param location string
param tags object
param insightsId string
param actionGroupId string
param runbook string

resource alerts 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for rule in loadJsonContent('../../src/JobPipeline/Alerts/Rules/alert-rules.json').rules: {
    name: '${rule.name}-${name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: rule.title
      description: '${rule.title}. Runbook: ${runbook}#${rule.runbook}'
      severity: rule.severity
      enabled: true
      scopes: [insightsId]
      evaluationFrequency: 'PT5M'
      windowSize: alertRange(rule)
      autoMitigate: true
      criteria: {
        allOf: [
          {
            query: alertQuery(rule)
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            dimensions: contains(rule, 'by') ? [{ name: 'split_by', operator: 'Include', values: ['*'] }] : []
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: {
        actionGroups: [actionGroupId]
        customProperties: { rule: rule.name, runbook: '${runbook}#${rule.runbook}' }
      }
    }
  }
]
