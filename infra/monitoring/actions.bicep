// The action group that is notified when an alert fires and when it is resolved.
param name string
param tags object
param environmentName string
param emails string[]
@secure()
param webhook string

resource actions 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${name}'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: take('jobs ${environmentName}', 12)
    emailReceivers: [for (email, i) in emails: { name: 'email-${i}', emailAddress: email, useCommonAlertSchema: true }]
    webhookReceivers: empty(webhook) ? [] : [{ name: 'webhook', serviceUri: webhook, useCommonAlertSchema: true }]
  }
}

output id string = actions.id
