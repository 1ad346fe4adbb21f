using JobPipeline.Configuration;
using JobPipeline.Enqueueing;
using JobPipeline.Handlers;
using JobPipeline.Instances;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Alerts.Notices;

/// <summary>Sends notices: a job for each receiver, so that one that can't be reached keeps nothing from the others.</summary>
public sealed class AlertNotices
{
    private readonly JobClient _client;
    private readonly AlertReceiver[] _receivers;
    private readonly WorkerIdentity _worker;
    private readonly TimeProvider _time;
    private readonly AlertOptions _options;
    private readonly ILogger<AlertNotices> _logger;

    internal AlertNotices(
        JobClient client, IEnumerable<IAlertReceivers> receivers, WorkerIdentity worker, TimeProvider time, IOptions<AlertOptions> options, ILogger<AlertNotices> logger) =>
        (_client, _receivers, _worker, _time, _options, _logger) = (client, [.. receivers.SelectMany(kind => kind.All)], worker, time, options.Value, logger);

    /// <summary>Everybody who is told of alerts.</summary>
    public IReadOnlyList<AlertReceiver> Receivers => _receivers;

    /// <summary>Sends every receiver a notice that tells of nothing, whatever its severity. Returns the jobs that carry them.</summary>
    /// <param name="by">Who asks for it; goes into the audit log.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<(AlertReceiver Receiver, JobId Job)>> TestAsync(string by, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var notice = new AlertNotice
        {
            Id = $"msg_{Guid.NewGuid():N}",
            Kind = AlertNoticeKind.Test,
            Rule = "test",
            Title = $"A test, asked for by {by}: nothing happened",
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
            jobs.Add((receiver, (await _client.EnqueueAsync(RequestOf(receiver, notice) with { Key = null }, cancellationToken)).Id));
        AlertLog.Tested(_logger, by, string.Join(", ", _receivers.Select(receiver => receiver.Name)));
        return jobs;
    }

    /// <summary>Repeating it is harmless: each receiver has one job for each notice.</summary>
    /// <exception cref="Exception">The queue or the storage can't be reached; some receivers may have got their job.</exception>
    internal async Task SendAsync(AlertNotice notice, CancellationToken cancellationToken)
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
                // It would be the same every time, and must not keep later notices back.
                AlertLog.NotNotified(_logger, e, notice.Id, notice.Rule, receiver.Name);
            }
        }
    }

    private static JobRequest RequestOf(AlertReceiver receiver, AlertNotice notice) =>
        JobRequest.For(receiver.JobType, new AlertDelivery(receiver.Name, notice)) with { Key = $"{notice.Id}:{receiver.Name}" };
}
