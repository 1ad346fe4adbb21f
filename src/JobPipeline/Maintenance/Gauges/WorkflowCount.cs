using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Maintenance.Gauges;

/// <summary>How many workflows are open, by where they stand.</summary>
internal sealed record WorkflowCount
{
    public static readonly IReadOnlyList<WorkflowStatus> Open = [WorkflowStatus.Running, WorkflowStatus.Cancelling, WorkflowStatus.Compensating];

    private readonly Dictionary<string, long> _states = new(StringComparer.Ordinal)
    {
        ["running"] = 0,
        ["suspended"] = 0,
        ["cancelling"] = 0,
        ["compensating"] = 0,
    };

    public IReadOnlyDictionary<string, long> States => _states;

    /// <summary>Those that do not get on.</summary>
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
