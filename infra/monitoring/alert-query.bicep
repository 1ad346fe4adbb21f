// Converts a rule of alert-rules.json to a query. tests/JobPipeline.Infra.Tests/Golden contains the query of each rule.
//
// A rule holds if its condition held at every evaluation point: now, 5 minutes ago, and so on back to its "for". Azure's own count
// of failing periods needs a time in each row, but missing data has no rows. So the evaluation points are columns of one row,
// named by their minutes.

var minutes = { PT0S: 0, PT5M: 5, PT10M: 10, PT15M: 15, PT30M: 30, PT1H: 60 }
var ranges = { PT5M: 5, PT10M: 10, PT15M: 15, PT30M: 30, PT45M: 45, PT1H: 60, PT2H: 120 }

// The ingestion delay of telemetry in minutes. An earlier evaluation would miss late data, which the next window no longer includes.
var lag = 3
var none = {}

@export()
@description('The query of a rule. It returns a row (one for each value of "by") if the rule holds, otherwise none.')
func alertQuery(rule object) string =>
  join(
    concat(
      ['customMetrics', '| where ${among('name', metrics(rule))}'],
      isShare(rule) ? [] : map(items(rule.?filter ?? none), f => '| where ${among(attribute(f.key), f.value)}'),
      [
        '| extend age = now() - timestamp - ${lag}m'
        '| summarize ${join(flatten(map(looks(rule), back => columns(rule, back))), ',\n    ')}${splitBy(rule)}'
        '| where ${join(map(looks(rule), back => condition(rule, back)), '\n    and ')}'
      ]
    ),
    '\n'
  )

@export()
@description('The time range of the query: up to the start of the earliest window, rounded up to a range that Azure supports.')
func alertRange(rule object) string =>
  sort(filter(items(ranges), r => r.value >= reach(rule)), (a, b) => a.value < b.value)[0].key

func reach(rule object) int => minutes[rule.window] + minutes[rule.for] + lag + 1

func looks(rule object) int[] => map(range(0, minutes[rule.for] / 5 + 1), i => i * 5)

func isShare(rule object) bool => contains(rule, 'per')

func metrics(rule object) string[] => union([rule.metric], isShare(rule) ? [rule.per.metric] : [])

func columns(rule object, back int) string[] =>
  isShare(rule)
    ? [
        'part${back} = sumif(valueSum, ${during(rule, back)}${counts(rule, rule)})'
        'whole${back} = sumif(valueSum, ${during(rule, back)}${counts(rule, rule.per)})'
      ]
    : ['value${back} = ${rule.aggregate}if(valueSum, ${during(rule, back)})']

// A window as long as the evaluation interval overlaps the next one by a minute, so that a late evaluation leaves no gap.
func during(rule object, back int) string =>
  'age between (${back}m .. ${back + minutes[rule.window] + (minutes[rule.window] == 5 && rule.for == 'PT0S' ? 1 : 0)}m)'

// The samples that belong to one of the two sums of a ratio.
func counts(rule object, part object) string =>
  join(
    concat(
      length(metrics(rule)) == 1 ? [] : [' and name == "${part.metric}"'],
      map(items(part.?filter ?? none), f => ' and ${among(attribute(f.key), f.value)}')
    ),
    ''
  )

func condition(rule object, back int) string =>
  isShare(rule)
    ? 'whole${back} >= ${rule.per.minimum} and part${back} / whole${back} ${rule.operator} ${rule.threshold}'
    : '${value(rule, back)} ${rule.operator} ${rule.threshold}'

// A missing counter counts as 0, so that its absence can raise an alert; a missing gauge has no value.
func value(rule object, back int) string => rule.aggregate == 'sum' ? 'coalesce(value${back}, 0.0)' : 'value${back}'

func splitBy(rule object) string => contains(rule, 'by') ? '\n    by split_by = ${attribute(rule.by)}' : ''

func attribute(name string) string => 'tostring(customDimensions["${name}"])'

func among(what string, values string[]) string =>
  length(values) == 1 ? '${what} == "${values[0]}"' : '${what} in (${join(map(values, v => '"${v}"'), ', ')})'
