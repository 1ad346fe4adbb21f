using JobPipeline.Configuration;
using JobPipeline.Diagnostics;
using JobPipeline.Execution.Verdicts;
using JobPipeline.Failures.ErrorGroups;
using JobPipeline.Jobs;
using JobPipeline.Tests.Jobs;
using JobPipeline.Tests.Rig;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace JobPipeline.Tests.Failures.Groups;

/// <summary>Tests of the error metrics that dashboards and alerts read.</summary>
public sealed class ErrorMetricsTests : IDisposable
{
    private readonly MeasuredMeters _meters = new();
    private readonly TracedErrorGroups _storage = new();
    private readonly JobMetrics _metrics;

    public ErrorMetricsTests() => _metrics = new JobMetrics(_meters);

    [Fact]
    public void Errors_OfEachFailure_AreCountedAtOnceByTypeAndKind()
    {
        var counter = Counter("1.0.0");

        counter.Seen("mail.send", Error(ErrorKind.Transient), Golden.Id, 1);
        counter.Seen("mail.send", Error(ErrorKind.Transient), Golden.Id, 2);
        counter.Seen("mail.send", Error(ErrorKind.Timeout), Golden.Id, 3);
        counter.Seen(null, Error(ErrorKind.Permanent), Golden.Id, 0);

        Assert.Equal(
            [("mail.send", "Timeout", 1d), ("mail.send", "Transient", 2d), ("unknown", "Permanent", 1d)],
            _meters.Of("jobpipeline.errors")
                .GroupBy(sum => ((string)sum.Tags["jobpipeline.job.type"]!, (string)sum.Tags["jobpipeline.error.kind"]!))
                .Select(group => (group.Key.Item1, group.Key.Item2, group.Sum(sum => sum.Value)))
                .Order());
    }

    [Fact]
    public async Task ErrorGroups_SeenSeveralTimes_AreNewOnce()
    {
        foreach (var instance in new[] { Counter("1.0.0", "a"), Counter("1.0.0", "b") })
        {
            for (var i = 0; i < 3; i++)
            {
                instance.Seen("mail.send", Error(ErrorKind.Transient), Golden.Id, 1);
                await instance.FlushAsync();
            }
        }

        Assert.Equal(1, _meters.Now("jobpipeline.error_groups.new").Sum(sum => sum.Value));
        Assert.Empty(_meters.Now("jobpipeline.error_groups.regressed"));
    }

    [Fact]
    public async Task ErrorGroups_SeenAfterTheyWereResolved_RegressOnceAndOnlyInALaterRelease()
    {
        await SeeAsync(Counter("1.0.0"));
        var group = Assert.Single(_storage.Store.All());
        await _storage.Store.TryWriteAsync(group, group.Resolved("1.0.0"), CancellationToken.None);
        await SeeAsync(Counter("1.0.0", "b"));
        Assert.Empty(_meters.Now("jobpipeline.error_groups.regressed"));

        var later = Counter("1.1.0");
        await SeeAsync(later);
        await SeeAsync(later);

        Assert.Equal(1, _meters.Now("jobpipeline.error_groups.regressed").Sum(sum => sum.Value));
        Assert.Equal(1, _meters.Now("jobpipeline.error_groups.new").Sum(sum => sum.Value));
    }

    public void Dispose() => _meters.Dispose();

    private static async Task SeeAsync(ErrorCounter counter)
    {
        counter.Seen("mail.send", Error(ErrorKind.Transient), Golden.Id, 1);
        await counter.FlushAsync();
    }

    private static AttemptError Error(ErrorKind kind) =>
        new AttemptError(kind, "System.IO.IOException", "unplugged", null, Batches.At, TimeSpan.Zero, "worker").Grouped("mail.send");

    private ErrorCounter Counter(string release, string worker = "worker") => new(
        _storage,
        _metrics,
        new WorkerIdentity($"{worker} {release}"),
        Options.Create(new ErrorGroupOptions()),
        Options.Create(new JobPipelineOptions { Release = release }),
        NullLogger<ErrorCounter>.Instance);
}
