using JobPipeline.Configuration;
using JobPipeline.Enqueueing;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Alerts.Notices;

/// <summary>Sends notifications: one job per receiver, so that an unreachable receiver does not affect the others.</summary>
internal sealed class AlertNotifications
{
    private readonly JobClient _client;
    private readonly AlertReceiver[] _receivers;
    private readonly WorkerIdentity _worker;
    private readonly TimeProvider _time;
    private readonly AlertOptions _options;
    private readonly ILogger<AlertNotifications> _logger;

    internal AlertNotifications(
        JobClient client,
        IEnumerable<IAlertReceivers> receivers,
        WorkerIdentity worker,
        TimeProvider time,
        IOptions<AlertOptions> options,
        ILogger<AlertNotifications> logger)
    {
        (_client, _worker, _time, _options, _logger) = (client, worker, time, options.Value, logger);
        _receivers = [.. receivers.SelectMany(kind => kind.All)];
    }

    /// <summary>The configured receivers.</summary>
    public IReadOnlyList<AlertReceiver> Receivers => _receivers;

    /// <summary>Sends a test notification to every receiver, regardless of severity, and returns the jobs that send it.</summary>
    /// <param name="by">Who requested it, for the audit log.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<IReadOnlyList<(AlertReceiver Receiver, JobId Job)>> TestAsync(string by, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var notice = new AlertNotification
        {
            Id = $"msg_{Guid.NewGuid():N}",
            Kind = AlertNotificationKind.Test,
            Rule = "test",
            Title = $"Test notification, requested by {by}",
            Severity = 4,
            Metric = "none",
            Operator = ">=",
            Threshold = 0,
            Window = TimeSpan.Zero,
            Since = now,
            At = now,
            Instance = _worker.Name,
            Runbook = _options.Runbook,
        };
        var jobs = new List<(AlertReceiver, JobId)>();
        foreach (var receiver in _receivers)
        {
            var request = RequestOf(receiver, notice) with { Key = null };
            jobs.Add((receiver, (await _client.EnqueueAsync(request, cancellationToken)).Id));
        }

        AlertLog.Tested(_logger, by, string.Join(", ", _receivers.Select(receiver => receiver.Name)));
        return jobs;
    }

    /// <summary>Enqueues the jobs that send a notification. Idempotent: each receiver gets one job per notification.</summary>
    /// <exception cref="Exception">The queue or the storage is unavailable; the jobs of some receivers may be enqueued.</exception>
    internal async Task SendAsync(AlertNotification notice, CancellationToken cancellationToken)
    {
        if (_receivers.Length == 0)
            AlertLog.NoReceivers(_logger, notice.Rule);
        foreach (var receiver in _receivers.Where(receiver => notice.Severity <= receiver.LeastSevere))
        {
            try
            {
                var job = await _client.EnqueueAsync(RequestOf(receiver, notice), cancellationToken);
                AlertLog.Notified(_logger, notice.Id, notice.Rule, receiver.Name, job.Id);
            }
            catch (Exception e) when (e is MessageFormatException or UnknownJobTypeException or JobKeyConflictException)
            {
                // A retry would fail the same way, and must not delay later notifications.
                AlertLog.NotNotified(_logger, e, notice.Id, notice.Rule, receiver.Name);
            }
        }
    }

    private static JobRequest RequestOf(AlertReceiver receiver, AlertNotification notice) =>
        JobRequest.For(receiver.JobType, new AlertDelivery(receiver.Name, notice)) with { Key = $"{notice.Id}:{receiver.Name}" };
}
