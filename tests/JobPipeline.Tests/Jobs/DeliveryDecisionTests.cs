using CsCheck;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Tests.Jobs;

public sealed class DeliveryDecisionTests
{
    private const int N = 4;
    private const int MaxDeaths = 3;
    private static readonly DateTimeOffset Now = Golden.At;
    private static readonly DateTimeOffset Later = Now.AddTicks(1);

    private static readonly string[] Records = ["none", "another's", "open", "ended"];
    private static readonly string[] Rows = ["none", "running", "released", "failed", "ended"];
    private static readonly string[] Times = ["ahead", "over"];
    private static readonly string[] Deaths = ["below the limit", "at the limit"];
    private static readonly string[] Messages = ["below n", "n", "above n"];

    [Fact]
    public void For_EverySituation_MatchesTheDocumentedTable()
    {
        var table = MarkdownTable.Read("docs/job-states.md", "Record");
        var used = new HashSet<string[]>();
        var situations =
            from record in Records
            from row in Rows
            from time in Times
            from deaths in Deaths
            from message in Messages
            select new[] { record, row, time, deaths, message };
        foreach (var situation in situations)
        {
            var line = Assert.Single(table, line =>
                situation.Zip(line, (value, cell) => MarkdownTable.Covers(cell, value)).All(covered => covered));
            used.Add(line);
            foreach (var decision in Decide(situation))
                Assert.True(line[5] == decision, $"[{string.Join(" | ", situation)}] is {decision}; the document states {line[5]}");
        }

        Assert.Equal(table.Count, used.Count);
    }

    [Fact]
    public void For_FailedRowWithoutADueTime_IsDueNow()
    {
        var rows = Snapshot(JobState.Retrying, Row(AttemptState.Failed, Now, 0), dueAt: null);
        Assert.Equal(new DeliveryDecision.Resend(N + 1, Now), DeliveryDecision.For(Message(N), rows, Now, MaxDeaths));
        Assert.Equal(new DeliveryDecision.Claim(N + 1), DeliveryDecision.For(Message(N + 1), rows, Now, MaxDeaths));
    }

    [Theory]
    [InlineData("type")]
    [InlineData("payload")]
    [InlineData("no payload")]
    [InlineData("blob")]
    public void For_MessageOfAnotherJob_NamesTheRecordedOne(string difference)
    {
        var spec = difference switch
        {
            "type" => Golden.ToAda with { Type = "mail.purge" },
            "payload" => Golden.ToAda with { Payload = "{\"to\":\"eve@example.com\"}"u8.ToArray() },
            "no payload" => Golden.Minimal,
            _ => Golden.Minimal with { PayloadInBlob = true },
        };
        var decision = DeliveryDecision.For(new JobMessage(Golden.Id, 1, spec), Snapshot(JobState.Queued, null, Now), Now, MaxDeaths);
        Assert.Contains("mail.send", Assert.IsType<DeliveryDecision.Refuse>(decision).Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(JobState.Cancelled, "order-17", true)]
    [InlineData(JobState.Cancelled, "order-18", false)]
    [InlineData(JobState.Queued, "order-17", false)]
    public void For_MessageOfAStepThatWasStoppedBeforeItsRecord_IsNotAnotherJob(JobState state, string instance, bool isItsJob)
    {
        var step = new StepRun("pack", Attempt: 1);
        var rows = Snapshot(state, null, Now);
        rows = rows with { Record = rows.Record! with { Spec = Golden.Minimal with { Workflow = new WorkflowOrigin("order-17", step) } } };
        var message = new JobMessage(Golden.Id, 1, Golden.ToAda with { Workflow = new WorkflowOrigin(instance, step) });

        var decision = DeliveryDecision.For(message, rows, Now, MaxDeaths);

        Assert.Equal(isItsJob, decision is DeliveryDecision.RepeatFollowUps);
        Assert.Equal(!isItsJob, decision is DeliveryDecision.Refuse);
    }

    [Fact]
    public void For_AnyRows_NeverDropsTheLastMessageOfAnOpenJob() =>
        Gen.Select(
                Gen.Enum<JobState>().Nullable(0.2),
                Gen.Select(Gen.Int[1, 9], Gen.Enum<AttemptState>(), Gen.Int[-2, 2], Gen.Int[0, 5]).Array[0, 3],
                Gen.Int[-2, 2].Nullable(0.2),
                Gen.Int[1, 12],
                Gen.Int[1, 5])
            .Sample(
                (state, attempts, due, asked, maxDeaths) =>
                {
                    Attempt[] rows =
                    [
                        .. attempts
                            .DistinctBy(a => a.Item1)
                            .OrderBy(a => a.Item1)
                            .Select(a => Row(a.Item2, Now.AddTicks(a.Item3), a.Item4) with { Number = a.Item1 }),
                    ];
                    var record = state is { } s ? Snapshot(s, null, due is { } d ? Now.AddTicks(d) : null).Record : null;
                    var decision = DeliveryDecision.For(Message(asked), new JobSnapshot(record, rows), Now, maxDeaths);

                    if (decision is DeliveryDecision.Acknowledge)
                        Assert.True(record is not null && asked < rows[^1].Number, "an open job's newest message was dropped");
                    if (decision is DeliveryDecision.PutBack putBack)
                        Assert.True(putBack.Until > Now);
                    if (decision is DeliveryDecision.Claim claim)
                        Assert.DoesNotContain(rows, row => row.Number == claim.Attempt);
                    if (record?.Status.State.IsTerminal() == true)
                        Assert.IsType<DeliveryDecision.RepeatFollowUps>(decision);
                },
                iter: 50_000,
                threads: 1);

    private static IEnumerable<string> Decide(string[] situation)
    {
        JobState[] states = situation[0] switch
        {
            "none" => [default],
            "ended" => [JobState.Succeeded, JobState.DeadLettered, JobState.Cancelled, JobState.Expired],
            _ => [JobState.Scheduled, JobState.Queued, JobState.Running, JobState.Retrying],
        };
        AttemptState?[] rows = situation[1] switch
        {
            "none" => [null],
            "running" => [AttemptState.Running],
            "released" => [AttemptState.Released],
            "failed" => [AttemptState.Failed],
            _ => [AttemptState.Succeeded, AttemptState.Cancelled, AttemptState.Expired],
        };
        var time = situation[2] == "ahead" ? Later : Now;
        var deaths = situation[3] == "at the limit" ? MaxDeaths - 1 : MaxDeaths - 2;
        var message = new JobMessage(
            Golden.Id,
            situation[4] switch { "below n" => N - 1, "n" => N, _ => N + 1 },
            situation[0] == "another's" ? Golden.ToAda with { Type = "mail.purge" } : Golden.ToAda);
        return
            from state in states
            from row in rows
            let snapshot = Snapshot(state, row is { } r ? Row(r, time, deaths) : null, time)
            let decision = DeliveryDecision.For(
                message,
                situation[0] == "none" ? snapshot with { Record = null } : snapshot,
                Now,
                MaxDeaths)
            select Words(decision, time, deaths);
    }

    /// <summary>Returns the decision in the words of the document, and checks the values that the words omit.</summary>
    private static string Words(DeliveryDecision decision, DateTimeOffset time, int deaths) => decision switch
    {
        DeliveryDecision.Claim { Attempt: 1 } => "Claim 1",
        DeliveryDecision.Claim { Attempt: N + 1 } => "Claim n + 1",
        DeliveryDecision.TakeOver { Row.Number: N } taken when taken.Deaths == deaths => "TakeOver",
        DeliveryDecision.TakeOver { Row.Number: N } taken when taken.Deaths == deaths + 1 => "TakeOver, deaths + 1",
        DeliveryDecision.EndAfterWorkerCrash { Row.Number: N } killer when killer.Deaths == deaths + 1 => "EndAfterWorkerCrash, deaths + 1",
        DeliveryDecision.PutBack putBack when putBack.Until == time => "PutBack",
        DeliveryDecision.Resend { Attempt: N + 1 } resend when resend.DueAt == time => "Resend n + 1",
        DeliveryDecision.RepeatFollowUps or DeliveryDecision.Acknowledge or DeliveryDecision.Refuse => decision.GetType().Name,
        _ => decision.ToString(),
    };

    private static JobMessage Message(int attempt) => new(Golden.Id, attempt, Golden.ToAda);

    private static JobSnapshot Snapshot(JobState state, Attempt? row, DateTimeOffset? dueAt) => new(
        new JobRecord(Golden.Id, PriorityQueues.Normal, Golden.ToAda,
            new JobStatus { State = state, Attempt = N, Since = Now, DueAt = dueAt }),
        row is null ? [] : [row]);

    private static Attempt Row(AttemptState state, DateTimeOffset leaseUntil, int deaths) => new()
    {
        Job = Golden.Id,
        Number = N,
        State = state,
        ClaimId = Guid.Empty,
        Owner = "worker",
        LeaseUntil = leaseUntil,
        Deaths = deaths,
    };
}
