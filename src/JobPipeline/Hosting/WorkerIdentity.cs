namespace JobPipeline.Hosting;

/// <summary>Names this process on the rows it claims: machine, process id and a few random digits, for pids come back.</summary>
internal sealed record WorkerIdentity(string Name)
{
    public static WorkerIdentity OfThisProcess() =>
        new($"{Environment.MachineName}:{Environment.ProcessId}:{Guid.NewGuid().ToString("N")[..6]}");
}
