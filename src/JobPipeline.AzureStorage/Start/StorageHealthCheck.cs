using Azure;
using JobPipeline.Jobs;
using JobPipeline.Limits.Meters;
using JobPipeline.Limits.Rules;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace JobPipeline.AzureStorage.Start;

/// <summary>Checks that storage is reachable and that its clock agrees with the local one, on which leases and job ids depend.</summary>
public sealed class StorageHealthCheck : IHealthCheck
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>The service states its time in whole seconds.</summary>
    private static readonly TimeSpan Resolution = TimeSpan.FromSeconds(1);

    private readonly StorageSetup _storage;
    private readonly TimeSpan _tolerance;
    private readonly TimeProvider _time;

    internal StorageHealthCheck(StorageSetup storage, LimitRegistry limits, TimeProvider time)
    {
        (_storage, _time) = (storage, time);
        // Two instances that are within it do not differ by more than what the promises of limits allow.
        _tolerance = limits.IsUsed ? MeterRules.ClockSkew / 2 : JobLimits.MaxClockSkew;
    }

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var limit = new CancellationTokenSource(Timeout, _time);
        await using var link = limit.Token.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), patience);
        try
        {
            var before = _time.GetUtcNow();
            var theirs = await _storage.ReadClockAsync(patience.Token);
            return theirs is { } clock && IsOff(clock, before, _time.GetUtcNow())
                ? HealthCheckResult.Unhealthy(
                    $"The clock of this machine is more than {_tolerance} off the clock of the storage service. Set it.")
                : HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is RequestFailedException or AggregateException or OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy("Storage is unreachable.", e);
        }
    }

    /// <summary>Whether the local clock is surely off, however long the request took and the answer travelled.</summary>
    private bool IsOff(DateTimeOffset theirs, DateTimeOffset before, DateTimeOffset after) =>
        before - theirs - Resolution > _tolerance || theirs - after > _tolerance;
}
