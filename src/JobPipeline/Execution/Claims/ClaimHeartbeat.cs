using Microsoft.Extensions.Logging;

namespace JobPipeline.Execution.Claims;

/// <summary>
/// Renews a lease at a third of its length while the handler runs, and gives up the claim when the lease has expired, because
/// another worker may hold the attempt by then.
/// </summary>
internal sealed class ClaimHeartbeat : IDisposable
{
    private readonly JobClaim _claim;
    private readonly string _type;
    private readonly TimeProvider _time;
    private readonly TimeSpan _lease;
    private readonly ILogger _logger;
    private readonly ITimer _timer;

    public ClaimHeartbeat(JobClaim claim, string type, TimeProvider time, TimeSpan lease, ILogger logger)
    {
        (_claim, _type, _time, _lease, _logger) = (claim, type, time, lease, logger);
        _timer = time.CreateTimer(static state => _ = ((ClaimHeartbeat)state!).WriteAsync(), this, lease / 3, lease / 3);
    }

    public void Dispose() => _timer.Dispose();

    private async Task WriteAsync()
    {
        try
        {
            if (_time.GetUtcNow() >= _claim.Row.LeaseUntil)
                _claim.Lose();
            else
                await _claim.RenewAsync(_time.GetUtcNow() + _lease, CancellationToken.None);
        }
        catch (Exception e)
        {
            ExecutionLog.HeartbeatFailed(_logger, e, _claim.Row.Job, _type, _claim.Row.Number);
        }
    }
}
