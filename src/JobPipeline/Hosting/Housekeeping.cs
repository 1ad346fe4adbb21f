using Microsoft.Extensions.Logging;

namespace JobPipeline.Hosting;

/// <summary>Runs every <see cref="IHousekeepingDuty"/>. One that fails is logged and comes again with the next round; the others go on.</summary>
public sealed partial class Housekeeping(IEnumerable<IHousekeepingDuty> duties, ILogger<Housekeeping> logger)
{
    private readonly IHousekeepingDuty[] _duties = [.. duties];

    /// <exception cref="OperationCanceledException">The host is stopping.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var duty in _duties)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await duty.RunAsync(cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                Failed(logger, e, duty.Name);
            }
        }
    }

    // Event ids 1200-1299.
    [LoggerMessage(1200, LogLevel.Error, "Housekeeping: {Duty} failed; the next round tries again")]
    private static partial void Failed(ILogger logger, Exception error, string duty);
}
