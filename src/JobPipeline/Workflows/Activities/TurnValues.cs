using System.Collections.Concurrent;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Instances;

namespace JobPipeline.Workflows.Activities;

/// <summary>
/// The values of a workflow instance while the jobs of a turn are prepared: consecutive items of a fan-out are one query, and what
/// several jobs have in common is read once. Each query is made when the first of its values is asked for.
/// </summary>
internal sealed class TurnValues(IWorkflowData data, string instance, IEnumerable<StepRun> runs, CancellationToken cancellationToken)
    : ValuesInMemory(data)
{
    private readonly Dictionary<WorkflowDataName, ItemRange> _items = RangesOf(data, instance, runs, cancellationToken);
    private readonly ConcurrentDictionary<WorkflowDataName, Lazy<Task<ReadOnlyMemory<byte>?>>> _read =
        new(concurrencyLevel: 1, capacity: 3);

    public override async Task<ReadOnlyMemory<byte>?> ReadAsync(string ofInstance, WorkflowDataName name, CancellationToken cancelled)
    {
        if (!_items.TryGetValue(name, out var range))
            return await _read.GetOrAdd(name, key => new(() => Stored.ReadAsync(ofInstance, key, cancelled))).Value;
        // A value that the query did not return is missing, or the query failed, which must not fail the other items.
        return await range.FindAsync(name) ?? await Stored.ReadAsync(ofInstance, name, cancelled);
    }

    /// <summary>Returns the ranges of consecutive items; a single item needs none.</summary>
    private static Dictionary<WorkflowDataName, ItemRange> RangesOf(
        IWorkflowData data, string instance, IEnumerable<StepRun> runs, CancellationToken cancellationToken)
    {
        var ranges = new Dictionary<WorkflowDataName, ItemRange>();
        foreach (var step in runs.Where(run => run.Item is not null).GroupBy(run => run.Step, StringComparer.Ordinal))
        {
            var items = step.Select(run => run.Item!.Value).Distinct().Order().ToArray();
            for (var (first, next) = (0, 1); next <= items.Length; next++)
            {
                if (next < items.Length && items[next] == items[next - 1] + 1)
                    continue;
                if (next - first > 1)
                {
                    var range = new ItemRange(data, instance, step.Key, items[first], items[next - 1], cancellationToken);
                    foreach (var item in items[first..next])
                        ranges.Add(WorkflowDataName.Item(step.Key, item), range);
                }

                first = next;
            }
        }

        return ranges;
    }

    private sealed class ItemRange(
        IWorkflowData data, string instance, string step, int first, int last, CancellationToken cancellationToken)
    {
        private readonly Lazy<Task<Dictionary<WorkflowDataName, ReadOnlyMemory<byte>>>> _values =
            new(() => ReadAsync(data, instance, step, first, last, cancellationToken));

        /// <summary>Returns null if the value is missing or the query failed.</summary>
        public async Task<ReadOnlyMemory<byte>?> FindAsync(WorkflowDataName name)
        {
            try
            {
                return (await _values.Value).TryGetValue(name, out var value) ? value : null;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                return null;
            }
        }

        private static async Task<Dictionary<WorkflowDataName, ReadOnlyMemory<byte>>> ReadAsync(
            IWorkflowData data, string instance, string step, int first, int last, CancellationToken cancellationToken)
        {
            var values = new Dictionary<WorkflowDataName, ReadOnlyMemory<byte>>();
            await foreach (var (item, value) in data.ReadListAsync(instance, step, first, last, cancellationToken))
                values[WorkflowDataName.Item(step, item)] = value;
            return values;
        }
    }
}
