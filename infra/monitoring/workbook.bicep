// The operations dashboard: workbook.json on the Application Insights of this environment.
param location string
param tags object
param environmentName string
param insightsName string

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(insights.id, 'operations')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'JobPipeline operations (${environmentName})'
    category: 'workbook'
    sourceId: insights.id
    version: '1.0'
    serializedData: string(union(loadJsonContent('workbook.json'), { fallbackResourceIds: [insights.id] }))
  }
}
