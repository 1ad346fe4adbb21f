using System.Reflection;
using JobPipeline.Jobs;

namespace JobPipeline.Conformance;

public abstract partial class JobStoreConformance
{
    private const string Why = "because";

    /// <summary>Every transition, on the row that a worker holds.</summary>
    private static readonly Dictionary<string, Func<Attempt, JobTransition>> Transitions = new(StringComparer.Ordinal)
    {
        [nameof(JobTransition.Enqueue)] = row =>
            JobTransition.Enqueue(JobRecord.Enqueued(row.Job, PriorityQueues.Low, Samples.Spec(), Samples.Now)),
        [nameof(JobTransition.Duplicate)] = row =>
            JobTransition.Duplicate(row.Job, PriorityQueues.Low, Samples.Spec(), Samples.NewId(), Samples.Now),
        [nameof(JobTransition.Claim)] = row => JobTransition.Claim(New(row), PriorityQueues.Low, Samples.Spec()),
        [nameof(JobTransition.Reject)] = row =>
            JobTransition.Reject(
                New(row), Samples.Error(), Samples.Now, DeadLetterReason.UnknownType, Why, PriorityQueues.Low, Samples.Spec()),
        [nameof(JobTransition.Defer)] = row =>
            JobTransition.Defer(New(row), Samples.Now, Samples.Now.AddHours(1), Why, PriorityQueues.Low, Samples.Spec()),
        [nameof(JobTransition.Expire)] = row => JobTransition.Expire(New(row), Samples.Now, PriorityQueues.Low, Samples.Spec()),
        [nameof(JobTransition.CancelUnclaimed)] = row => JobTransition.CancelUnclaimed(New(row) with { Number = 2 }, Samples.Now, Why),
        [nameof(JobTransition.CancelUnrecorded)] = row =>
            JobTransition.CancelUnrecorded(New(row), Samples.Now, Why, PriorityQueues.Low, Samples.Spec()),
        [nameof(JobTransition.TakeOver)] = row => JobTransition.TakeOver(row with { ClaimId = Guid.NewGuid(), Deaths = 1 }),
        [nameof(JobTransition.Touch)] = row => JobTransition.Touch(Samples.FullAttempt(row.Job) with { Version = row.Version }),
        [nameof(JobTransition.Complete)] = row => JobTransition.Complete(row, Samples.Now, Samples.Bytes("[1]"), resultInBlob: false),
        [nameof(JobTransition.Retry)] = row => JobTransition.Retry(row, Samples.Error(), Samples.Now, Samples.Now.AddHours(1)),
        [nameof(JobTransition.DeadLetter)] = row =>
            JobTransition.DeadLetter(row, Samples.Error(), Samples.Now, DeadLetterReason.AttemptsExhausted, Why),
        [nameof(JobTransition.Expedite)] = row => JobTransition.Expedite(row, Samples.Now, Why),
        [nameof(JobTransition.Release)] = row => JobTransition.Release(row, Samples.Now, Samples.Now.AddHours(1), Why),
        [nameof(JobTransition.Cancel)] = row => JobTransition.Cancel(row, Samples.Now, Why),
    };

    private static readonly string[] OnNothing =
        [
            nameof(JobTransition.Enqueue), nameof(JobTransition.Duplicate), nameof(JobTransition.Claim),
            nameof(JobTransition.Reject), nameof(JobTransition.Defer), nameof(JobTransition.Expire),
            nameof(JobTransition.CancelUnrecorded),
        ];

    public static TheoryData<string> TransitionNames => [.. typeof(JobTransition).GetMethods(BindingFlags.Public | BindingFlags.Static)
        .Where(method => method.ReturnType == typeof(JobTransition)).Select(method => method.Name)];

    public static TheoryData<int> PayloadSizes => [0, 1, 40 * 1024, JobLimits.MaxMessageBytes];

    [Theory]
    [MemberData(nameof(TransitionNames))]
    public async Task Apply_EveryTransition_IsReadAsWritten(string name)
    {
        var row = Samples.Attempt(Samples.NewId());
        if (!OnNothing.Contains(name))
            row = row with { Version = (await ApplyAsync(JobTransition.Claim(row, PriorityQueues.Low, Samples.Spec()))).AttemptVersion };
        var before = await Store.ReadAsync(row.Job, Token);
        var transition = Transitions[name](row);

        var result = await ApplyAsync(transition);

        var after = await Store.ReadAsync(row.Job, Token);
        Assert.Equal(Samples.Text(transition.Record?.Status ?? before.Record!.Status), Samples.Text(after.Record!.Status));
        Assert.Equal(Samples.Text(transition.Record?.Spec ?? before.Record!.Spec), Samples.Text(after.Record!.Spec));
        Assert.Equal(PriorityQueues.Low, after.Record!.Queue);
        if (transition.Attempt is { Row: var written })
            Assert.Equal(Samples.Text(written with { Version = result.AttemptVersion }), Samples.Text(after.Current));
    }

    [Fact]
    public async Task Apply_StatusWithFewerFields_ClearsTheOthers()
    {
        var id = Samples.NewId();
        await ApplyAsync(
            new JobTransition(id, new RecordWrite(RecordCondition.Absent, Samples.Status(), PriorityQueues.High, Samples.Spec()), null));
        var bare = new JobStatus { State = JobState.Running, Attempt = 1, Since = Samples.Now };

        await ApplyAsync(new JobTransition(id, new RecordWrite(RecordCondition.Present, bare), null));

        var record = (await Store.ReadAsync(id, Token)).Record!;
        Assert.Equal(Samples.Text(bare), Samples.Text(record.Status));
        Assert.Equal(PriorityQueues.High, record.Queue);
    }

    [Fact]
    public async Task Apply_SpecWithFewerFields_ClearsTheOthers()
    {
        var id = Samples.NewId();
        await ApplyAsync(
            new JobTransition(id, new RecordWrite(RecordCondition.Absent, Samples.Status(), PriorityQueues.High, Samples.Spec()), null));

        await ApplyAsync(JobTransition.Claim(Samples.Attempt(id), PriorityQueues.Low, Samples.PlainSpec()));

        var record = (await Store.ReadAsync(id, Token)).Record!;
        Assert.Equal(Samples.Text(Samples.PlainSpec()), Samples.Text(record.Spec));
        Assert.Equal(PriorityQueues.Low, record.Queue);
    }

    [Fact]
    public async Task Apply_AttemptWithFewerFields_ClearsTheOthers()
    {
        var id = Samples.NewId();
        await ApplyAsync(JobTransition.Claim(Samples.FullAttempt(id), PriorityQueues.Normal, Samples.PlainSpec()));
        var bare = Samples.Attempt(id) with { Version = (await Store.ReadAsync(id, Token)).Current!.Version };

        var result = await ApplyAsync(JobTransition.Touch(bare));

        Assert.Equal(Samples.Text(bare with { Version = result.AttemptVersion }), Samples.Text((await Store.ReadAsync(id, Token)).Current));
    }

    [Fact]
    public async Task Apply_TimesWithAnotherOffset_KeepTheirInstant()
    {
        var id = Samples.NewId();
        var moment = Samples.Now.ToOffset(TimeSpan.FromHours(14));

        await ApplyAsync(
            JobTransition.Claim(
                Samples.Attempt(id) with { StartedAt = moment }, PriorityQueues.Normal, Samples.PlainSpec() with { NotBefore = moment }));

        var rows = await Store.ReadAsync(id, Token);
        Assert.Equal(moment, rows.Record!.Spec.NotBefore);
        Assert.Equal(moment, rows.Current!.StartedAt);
    }

    [Fact]
    public async Task Apply_TimesAtTheirBounds_AreStored()
    {
        var id = Samples.NewId();
        var row = Samples.Attempt(id) with { StartedAt = default, LeaseUntil = DateTimeOffset.MaxValue };

        await ApplyAsync(
            JobTransition.Claim(
                row, PriorityQueues.Normal, Samples.PlainSpec() with { EnqueuedAt = default, ExpiresAt = DateTimeOffset.MaxValue }));

        var rows = await Store.ReadAsync(id, Token);
        Assert.Equal((default, DateTimeOffset.MaxValue), (rows.Current!.StartedAt, rows.Current.LeaseUntil));
        Assert.Equal((default, DateTimeOffset.MaxValue), (rows.Record!.Spec.EnqueuedAt, rows.Record.Spec.ExpiresAt));
    }

    [Theory]
    [MemberData(nameof(PayloadSizes))]
    public async Task Apply_PayloadOfAnySize_IsStoredByteForByte(int size)
    {
        var id = Samples.NewId();
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);

        await ApplyAsync(JobTransition.Claim(
            Samples.Attempt(id) with { Checkpoint = bytes }, PriorityQueues.Normal, Samples.PlainSpec() with { Payload = bytes }));

        var rows = await Store.ReadAsync(id, Token);
        Assert.Equal(bytes, rows.Record!.Spec.Payload.ToArray());
        Assert.Equal(bytes, rows.Current!.Checkpoint.ToArray());
    }

    [Fact]
    public async Task Read_MaximumNumberOfAttempts_AreInOrder()
    {
        var id = Samples.NewId();
        var neighbour = Samples.NewId();
        await ApplyAsync(Enqueue(id));
        await ApplyAsync(JobTransition.Claim(Samples.Attempt(neighbour), PriorityQueues.Normal, Samples.PlainSpec()));

        // With checkpoints, the rows do not fit on one page of the service.
        foreach (var number in Enumerable.Range(1, JobLimits.MaxAttempts).Reverse())
            await ApplyAsync(JobTransition.Touch(Samples.Attempt(id, number) with { Checkpoint = new byte[48 * 1024] }));

        var rows = await Store.ReadAsync(id, Token);
        Assert.NotNull(rows.Record);
        Assert.Equal(Enumerable.Range(1, JobLimits.MaxAttempts), rows.Attempts.Select(attempt => attempt.Number));
        Assert.All(rows.Attempts, attempt => Assert.Equal(id, attempt.Job));
    }

    private static Attempt New(Attempt row) => Samples.Attempt(row.Job);
}
