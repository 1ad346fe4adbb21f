using System.ComponentModel.DataAnnotations;
using JobPipeline.Handlers;
using JobPipeline.Workflows.Definitions;

namespace JobPipeline.Tests.Workflows.Definitions;

public sealed class ValidatorTests
{
    private static readonly WorkflowValidator Validator = new(
        new JobRegistry([JobScanner.Describe(new JobAttribute("mail.send"), new JobInvoker<MailJob, Mail>(), null)]),
        new BracketEvaluator());

    private static readonly object Letter = new { To = "ada@example.com", Copies = 1 };

    [Fact]
    public void Validate_ValidDefinition_ReturnsNoErrors() =>
        Assert.Empty(
            Errors(
                new WorkflowBuilder("good")
                    .Job("first", "mail.send", Letter, step =>
                        step.Compensate("mail.send", new { To = "${{ steps.first.output.to }}", Copies = 1 }))
                    .ForEach(
                        "each",
                        "${{ steps.first.output }}",
                        "mail.send",
                        new { To = "${{ item }} at ${{ input.host }}", Copies = "${{ item.copies }}" },
                        step: step => step.Needs("first"))
                    .WaitFor("wait", "approved", step: step => step.Needs("each").Timeout(TimeSpan.FromDays(30)))
                    .Child("child", "other", new { All = "${{ steps.first.output }}", Words = "${{ 'steps.nobody and item' }}" }, step =>
                        step.Needs("wait"))
                    .Return("${{ steps.child.output }}")));

    [Fact]
    public void Validate_Cycle_NamesItsStepsAndThoseBehindIt()
    {
        var faults = Errors(new WorkflowBuilder("ring")
            .Delay("a", TimeSpan.Zero, step => step.Needs("b"))
            .Delay("b", TimeSpan.Zero, step => step.Needs("a", "free"))
            .Delay("behind", TimeSpan.Zero, step => step.Needs("b"))
            .Delay("self", TimeSpan.Zero, step => step.Needs("self"))
            .Delay("free", TimeSpan.Zero));
        Assert.Equal(
            [
                "steps.a.needs: the step needs itself: a → b → a",
                "steps.b.needs: the step needs itself: b → a → b",
                "steps.behind: can never run: it needs steps that need each other",
                "steps.self.needs: the step needs itself: self → self",
            ],
            faults);
    }

    [Fact]
    public void Validate_UnknownNames_SuggestsTheNearest()
    {
        var faults = Errors(new WorkflowBuilder("names")
            .Job("first", "mail.sent", Letter)
            .Job("second", "mail.send", new { To = "${{ steps.frist.output }}", Copies = 1 }, step => step.Needs("firts"))
            .Child("third", "othr", "${{ steps.secnd.output }}"));
        Assert.Equal(
            [
                "steps.first.job: no handler is registered for the job type 'mail.sent'; did you mean 'mail.send'?",
                "steps.second.needs[0]: step 'firts' does not exist; did you mean 'first'?",
                "steps.second.payload.to: step 'frist' does not exist; did you mean 'first'?",
                "steps.third.input: step 'secnd' does not exist; did you mean 'second'?",
                "steps.third.workflow: workflow 'othr' does not exist; did you mean 'other'?",
            ],
            faults);
    }

    [Fact]
    public void Validate_InvalidExpressions_NamesEach()
    {
        var faults = Errors(
            new WorkflowBuilder("expressions")
                .Job("a", "mail.send", new { To = "${{ steps.b.output }}", Copies = "${{ ((1 }}" })
                .Job("b", "mail.send", new { To = "${{ item.to }}", Copies = "${{ steps.* }}" })
                .ForEach("c", "input.list", "mail.send", Letter)
                .ForEach("d", "${{ item }}", "mail.send", Letter)
                .Child(
                    "e",
                    "other",
                    new
                    {
                        Quoted = """${{ steps."b".output }}""",
                        Current = "${{ @.steps.b.output }}",
                        Member = "${{ input.steps.b }} ${{ input.item }}",
                    })
                .Return("${{ steps.nobody.output }}"));
        Assert.Equal(
            [
                "output: step 'nobody' does not exist",
                "steps.a.payload.copies: '((1' is not a valid expression: a bracket is open",
                "steps.a.payload.to: step 'b' may not be done yet; add it to 'needs'",
                "steps.b.payload.copies: 'steps' can't be used on its own; use steps.<id>",
                "steps.b.payload.to: 'item' can only be used in forEach",
                "steps.c.forEach.items: must be an expression that returns a list, such as ${{ input.files }}",
                "steps.d.forEach.items: 'item' can only be used in forEach",
                "steps.e.input.current: step 'b' may not be done yet; add it to 'needs'",
                "steps.e.input.quoted: step 'b' may not be done yet; add it to 'needs'",
            ],
            faults);
    }

    [Fact]
    public void Validate_InvalidPayloads_NamesTheMembersKnownToBeInvalid()
    {
        var faults = Errors(new WorkflowBuilder("payloads")
            .Job("a", "mail.send", new { Copies = 7 })
            .Job("b", "mail.send", new { To = "${{ input.to }}", Copies = "many" })
            .Job("c", "mail.send")
            .Job("d", "mail.send", "${{ input }}")
            .ForEach("e", "${{ input }}", "mail.send", new { To = "${{ item }}", Copies = 9 })
            .Job("f", "mail.send", Letter, step => step.Compensate("mail.send", new { Copies = 1 })));
        Assert.Equal(
            [
                "steps.a.payload.copies", "steps.a.payload.to", "steps.b.payload.copies", "steps.c.payload.copies",
                "steps.c.payload.to", "steps.e.forEach.payload.copies", "steps.f.compensate.payload.to",
            ],
            faults.Select(fault => fault.Split(": ")[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Validate_InvalidCombinations_NamesEach()
    {
        var faults = Errors(new WorkflowBuilder("bad name", version: 0)
            .WaitFor("wait", "", TimeoutRule.Continue, step: step => step.Compensate("mail.send", Letter).Retry(2))
            .Delay("delay", TimeSpan.FromSeconds(-1), step => step.Compensate("mail.send", Letter).Timeout(TimeSpan.FromSeconds(1)))
            .ForEach("each", "${{ input }}", "mail.send", Letter, maxParallel: 257)
            .Job("1st", "mail.send", Letter, step => step.Retry(101).Timeout(TimeSpan.Zero).When(TriggerRule.AnyFailed))
            .Job("slow", "mail.send", Letter, step => step.Retry(2, StepRetry.Once.Backoff with { Base = TimeSpan.FromHours(1) })));
        Assert.Equal(
            [
                "name",
                "steps.1st",
                "steps.1st.retry.maxAttempts",
                "steps.1st.timeout",
                "steps.1st.when",
                "steps.delay.compensate",
                "steps.delay.delay",
                "steps.delay.timeout",
                "steps.each.forEach.maxParallel",
                "steps.slow.retry.backoff.base",
                "steps.wait.compensate",
                "steps.wait.onTimeout",
                "steps.wait.retry",
                "steps.wait.waitFor",
                "version",
            ],
            faults.Select(fault => fault.Split(": ")[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Validate_TooManyOrDuplicateSteps_ReturnsAnError()
    {
        var many = new WorkflowBuilder("many");
        for (var i = 0; i <= WorkflowDefinition.MaxSteps; i++)
            many.Delay($"s{i}", TimeSpan.Zero);
        Assert.Equal("steps: must have 1 to 500 steps; it has 501", Assert.Single(Errors(many)));
        Assert.Equal("steps: must have 1 to 500 steps; it has 0", Assert.Single(Errors(new WorkflowBuilder("none"))));
        Assert.StartsWith(
            "steps.a: ",
            Assert.Single(Errors(new WorkflowBuilder("twice").Delay("a", TimeSpan.Zero).Delay("a", TimeSpan.Zero))),
            StringComparison.Ordinal);
    }

    private static List<string> Errors(WorkflowBuilder workflow) =>
        [.. Validator.Validate(workflow.Build(), ["other", "another"]).Select(fault => fault.ToString()).Order(StringComparer.Ordinal)];

    private sealed record Mail([property: Required] string To, [property: Range(1, 5)] int Copies);

    private sealed class MailJob : IJobHandler<Mail>
    {
        public Task<JobOutcome> HandleAsync(Mail payload, JobContext context, CancellationToken cancellationToken) =>
            Task.FromResult(JobOutcome.Success());
    }
}
