using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Maintenance.Gauges;

/// <summary>The number of open workflow instances, by state.</summary>
internal sealed record WorkflowCount
{
    public static readonly IReadOnlyList<WorkflowStatus> Open =
        [WorkflowStatus.Running, WorkflowStatus.Cancelling, WorkflowStatus.Compensating];

    private readonly Dictionary<string, long> _states = new(StringComparer.Ordinal)
    {
        ["running"] = 0,
        ["suspended"] = 0,
        ["cancelling"] = 0,
        ["compensating"] = 0,
    };

    public IReadOnlyDictionary<string, long> States => _states;

    /// <summary>The number of those that make no progress.</summary>
    public long Stuck { get; private set; }

    public void Add(WorkflowSummary instance) => _states[instance switch
    {
        { IsSuspended: true } => "suspended",
        { Status: WorkflowStatus.Cancelling } => "cancelling",
        { Status: WorkflowStatus.Compensating } => "compensating",
        _ => "running",
    }]++;

    public void AddStuck() => Stuck++;
}
