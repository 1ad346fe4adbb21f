using Azure;
using JobPipeline.Jobs;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace JobPipeline.AzureStorage.Start;

/// <summary>Checks that storage is reachable and that its clock agrees with the local one, on which leases and job ids depend.</summary>
public sealed class StorageHealthCheck : IHealthCheck
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly StorageSetup _storage;
    private readonly TimeProvider _time;

    public StorageHealthCheck(StorageSetup storage, TimeProvider time) => (_storage, _time) = (storage, time);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var limit = new CancellationTokenSource(Timeout, _time);
        await using var link = limit.Token.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), patience);
        try
        {
            var theirs = await _storage.ReadClockAsync(patience.Token);
            return theirs is { } clock && (clock - _time.GetUtcNow()).Duration() > JobLimits.MaxClockSkew
                ? HealthCheckResult.Unhealthy(
                    $"The clock of this machine is more than {JobLimits.MaxClockSkew} off the clock of the storage service. Set it.")
                : HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is RequestFailedException or AggregateException or OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy("Storage is unreachable.", e);
        }
    }
}
