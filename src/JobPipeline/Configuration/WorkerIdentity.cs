namespace JobPipeline.Configuration;

/// <summary>
/// Identifies this process on the rows that it claims: machine, process id and six random hex digits, because process ids are
/// reused.
/// </summary>
/// <param name="Name">The name of the process.</param>
public sealed record WorkerIdentity(string Name)
{
    internal static WorkerIdentity OfThisProcess() =>
        new($"{Environment.MachineName}:{Environment.ProcessId}:{Guid.NewGuid().ToString("N")[..6]}");
}
