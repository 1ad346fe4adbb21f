using JobPipeline.Configuration;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Tests.Rig;

namespace JobPipeline.Tests.Handlers;

public sealed class JobScannerTests
{
    [Theory]
    [InlineData(
        typeof(NoContract),
        "NoContract, the handler of 'none', must be a concrete class with one IJobHandler<…> interface; it has 0.")]
    [InlineData(typeof(TwoContracts), "it has 2")]
    [InlineData(typeof(AbstractJob), "must be a concrete class")]
    [InlineData(typeof(OpenJob<>), "must be a concrete class")]
    [InlineData(typeof(BadDuration), "Timeout = \"5 minutes\"")]
    [InlineData(typeof(BadQueue), "[Job(\"queue\")] on BadQueue:Queue is 'job-high', which is not a queue")]
    [InlineData(typeof(BadQueue), "did you mean 'jobs-high'?")]
    [InlineData(typeof(BadName), "is no name for a job type")]
    [InlineData(
        typeof(BadAttempts), "[Job(\"attempts\")] on BadAttempts:MaxAttempts: The field MaxAttempts must be between 1 and 100. It is '0'.")]
    [InlineData(
        typeof(BadTimeout), "[Job(\"timeout\")] on BadTimeout:Timeout: The field Timeout must be between 00:00:00.0010000 and 1.00:00:00")]
    public void Scan_OfAHandlerThatIsDeclaredWrongly_NamesIt(Type handler, string expected) =>
        Assert.Contains(
            expected, Assert.Throws<InvalidOperationException>(() => JobScanner.Scan([handler])).Message, StringComparison.Ordinal);

    [Fact]
    public void Scan_TwoHandlersForOneType_NamesBoth()
    {
        var error = Assert.Throws<InvalidOperationException>(() => JobScanner.Scan([typeof(Twin), typeof(OtherTwin)]));
        Assert.Equal("The job type 'twin' has two handlers: Twin and OtherTwin.", error.Message);
    }

    [Fact]
    public void Scan_HandlerListedTwice_FindsItOnce() =>
        Assert.Equal("twin", Assert.Single(JobScanner.Scan([typeof(Twin), typeof(string), typeof(Twin)])).Attribute.Type);

    [Fact]
    public void Describe_WithoutOverrides_UsesTheAttribute()
    {
        var job = Describe(typeof(Full), null);
        Assert.Equal(
            ("full", "jobs-low", 7, TimeSpan.FromMinutes(3), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), TimeSpan.FromSeconds(2)),
            (job.Type, job.Queue, job.MaxAttempts, job.Timeout, job.Backoff.Base, job.Backoff.Cap, job.ExpectedDuration));
        Assert.False(job.MayTravelPacked);
    }

    [Fact]
    public void Describe_AttributeWithoutProperties_UsesTheDocumentedDefaults()
    {
        var job = Describe(typeof(Twin), null);
        Assert.Equal(
            ("jobs", 5, TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10), null as TimeSpan?),
            (job.Queue, job.MaxAttempts, job.Timeout, job.Backoff.Base, job.Backoff.Cap, job.ExpectedDuration));
    }

    [Fact]
    public void Policies_OfTheTable_AreThoseOfTheAttribute() => Assert.Equal(
        typeof(JobTypeOptions).GetProperties().Select(policy => policy.Name).Order(StringComparer.Ordinal),
        typeof(JobAttribute).GetProperties()
            .Where(property => property.CanWrite)
            .Select(property => property.Name)
            .Order(StringComparer.Ordinal));

    [Fact]
    public void Describe_WithOverrides_TakesEachOfThem()
    {
        var job = Describe(typeof(Full), new JobTypeOptions
        {
            Queue = "jobs-high",
            MaxAttempts = 1,
            Timeout = TimeSpan.FromSeconds(4),
            BackoffBase = TimeSpan.FromSeconds(5),
            BackoffCap = TimeSpan.FromSeconds(6),
            ExpectedDuration = TimeSpan.FromSeconds(1),
        });
        Assert.Equal(
            ("jobs-high", 1, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(6)),
            (job.Queue, job.MaxAttempts, job.Timeout, job.Backoff.Base, job.Backoff.Cap));
        Assert.True(job.MayTravelPacked);
    }

    private static JobDescriptor Describe(Type handler, JobTypeOptions? overrides)
    {
        var (attribute, invoker) = Assert.Single(JobScanner.Scan([handler]));
        return JobScanner.Describe(attribute, invoker, overrides);
    }

    private abstract class Handler : IJobHandler<ScriptedPayload>
    {
        public Task<JobOutcome> HandleAsync(ScriptedPayload payload, JobContext context, CancellationToken cancellationToken) =>
            Task.FromResult(JobOutcome.Success());
    }

    [Job("none")]
    private sealed class NoContract;

    [Job("two")]
    private sealed class TwoContracts : IJobHandler<ScriptedPayload>, IJobHandler<JobRequest>
    {
        public Task<JobOutcome> HandleAsync(ScriptedPayload payload, JobContext context, CancellationToken cancellationToken) =>
            Task.FromResult(JobOutcome.Success());

        public Task<JobOutcome> HandleAsync(JobRequest payload, JobContext context, CancellationToken cancellationToken) =>
            Task.FromResult(JobOutcome.Success());
    }

    [Job("abstract")]
    private abstract class AbstractJob : Handler;

    [Job("open")]
    private sealed class OpenJob<T> : Handler;

    [Job("duration", Timeout = "5 minutes")]
    private sealed class BadDuration : Handler;

    [Job("queue", Queue = "job-high")]
    private sealed class BadQueue : Handler;

    [Job("bad name")]
    private sealed class BadName : Handler;

    [Job("attempts", MaxAttempts = 0)]
    private sealed class BadAttempts : Handler;

    [Job("timeout", Timeout = "1.00:00:01")]
    private sealed class BadTimeout : Handler;

    [Job("twin")]
    private sealed class Twin : Handler;

    [Job("twin")]
    private sealed class OtherTwin : Handler;

    [Job(
        "full",
        Queue = PriorityQueues.Low,
        MaxAttempts = 7,
        Timeout = "00:03:00",
        BackoffBase = "00:00:01",
        BackoffCap = "01:00:00",
        ExpectedDuration = "00:00:02")]
    private sealed class Full : Handler;
}
