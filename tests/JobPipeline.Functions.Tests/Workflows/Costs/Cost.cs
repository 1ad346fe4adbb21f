namespace JobPipeline.Functions.Tests.Workflows.Costs;

/// <summary>What a workflow instance has cost.</summary>
/// <param name="Activities">The number of activities.</param>
/// <param name="Turns">The number of turns of orchestrators.</param>
/// <param name="Requests">The number of storage requests of the pipeline.</param>
/// <param name="Detail">The same by kind.</param>
internal sealed record Cost(double Activities, double Turns, double Requests, string Detail)
{
    /// <summary>Returns what each of the additional steps or items has cost.</summary>
    public static Cost Each(Cost few, Cost many, int more) => new(
        (many.Activities - few.Activities) / more, (many.Turns - few.Turns) / more, (many.Requests - few.Requests) / more, "");

    public override string ToString() => FormattableString.Invariant(
        $"{Activities:0.00} activities, {Turns:0.00} turns, {Requests:0.00} requests");
}
