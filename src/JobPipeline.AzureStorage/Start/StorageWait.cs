using JobPipeline.Configuration;
using JobPipeline.Jobs;
using Microsoft.Extensions.Logging;

namespace JobPipeline.AzureStorage.Start;

/// <summary>
/// Waits at start until all three services respond. It uses its own clients without retries, so that the first failure is
/// reported at once and not after the half minute that their retries take.
/// </summary>
internal sealed class StorageWait(StorageClients clients, TimeSpan limit, TimeProvider time, ILogger<StorageWait> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan OneTry = TimeSpan.FromSeconds(5);

    /// <summary>Returns the options of clients that fail on the first attempt.</summary>
    public static AzureStorageOptions Impatient(AzureStorageOptions options) => new()
    {
        ConnectionString = options.ConnectionString,
        AccountName = options.AccountName,
        ClientId = options.ClientId,
        Prefix = options.Prefix,
        ConfigureClient = client =>
        {
            options.ConfigureClient?.Invoke(client);
            client.Retry.MaxRetries = 0;
            client.Retry.NetworkTimeout = OneTry;
        },
    };

    /// <exception cref="StorageStartException">A service did not respond within the limit, or refused the credentials.</exception>
    public async Task UntilItAnswersAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        for (var attempt = 1; await TryAsync(cancellationToken) is { } failed; attempt++)
        {
            var (service, error) = failed;
            if (time.GetElapsedTime(started) + Pause > limit)
            {
                throw new StorageStartException(
                    $"Storage at {service} did not answer within {limit.TotalSeconds:0} seconds ({attempt} attempts): "
                        + $"{StorageRefusal.Reason(error)}. "
                    + $"Check that it is running and that {clients.Account.Setting} points to it.",
                    isMisconfigured: false,
                    error);
            }

            StorageLog.Waiting(logger, service, attempt, StorageRefusal.Reason(error), limit.TotalSeconds);
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    /// <summary>Returns null when every service responds, else a service that does not.</summary>
    private async Task<(Uri Service, Exception Error)?> TryAsync(CancellationToken cancellationToken)
    {
        (Uri Service, Func<Task> Call)[] probes =
        [
            (clients.Queues.Uri, () => clients.Queue(PriorityQueues.Normal).ExistsAsync(cancellationToken)),
            (clients.Tables.Uri, () => clients.Table(StorageNames.Settings)
                .GetEntityIfExistsAsync<Azure.Data.Tables.TableEntity>("-", "-", cancellationToken: cancellationToken)),
            (clients.Blobs.Uri, () => clients.Container(StorageNames.Payloads).ExistsAsync(cancellationToken)),
        ];
        var answers = await Task.WhenAll(probes.Select(probe => ProbeAsync(probe.Service, probe.Call, cancellationToken)));
        return Array.Find(answers, answer => answer is not null);
    }

    private async Task<(Uri Service, Exception Error)?> ProbeAsync(Uri service, Func<Task> call, CancellationToken cancellationToken)
    {
        try
        {
            await call();
            return null;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            if (StorageRefusal.Explain(e, clients.Account) is { } refusal)
                throw new StorageStartException(refusal, isMisconfigured: true, e);
            if (StorageRefusal.IsOutage(e))
                return (service, e);
            // The service responds. The setup that follows reports any other error.
            return null;
        }
    }
}
