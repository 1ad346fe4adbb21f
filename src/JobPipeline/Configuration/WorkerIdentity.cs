namespace JobPipeline.Configuration;

/// <summary>Names this process on the rows it claims: machine, process id and a few random digits, for pids come back.</summary>
/// <param name="Name">Its name.</param>
public sealed record WorkerIdentity(string Name)
{
    internal static WorkerIdentity OfThisProcess() =>
        new($"{Environment.MachineName}:{Environment.ProcessId}:{Guid.NewGuid().ToString("N")[..6]}");
}
