using System.Text.Json;
using System.Text.Json.Serialization;
using JobPipeline.Handlers;
using JobPipeline.Workflows.Definitions;

namespace JobPipeline.Tests.Workflows.Definitions;

/// <summary>Tests that the most common mistakes are found before a workflow instance starts.</summary>
public sealed class ValidatorSlipTests
{
    private static readonly WorkflowValidator Validator = new(
        new JobRegistry(
        [
            JobScanner.Describe(new JobAttribute("mail.send"), new JobInvoker<MailJob, Mail>(), null),
            JobScanner.Describe(new JobAttribute("any"), new JobInvoker<AnyJob, JsonElement>(), null),
        ]),
        new BracketEvaluator());

    [Theory]
    [InlineData("${{ input.name")]
    [InlineData("dear ${{ input.name }")]
    [InlineData("${{ input.name }} and ${{ input.other")]
    [InlineData("${{ 'open }}")]
    public void Validate_UnclosedExpression_NamesItsPath(string text)
    {
        var faults = Errors(new WorkflowBuilder("unclosed")
            .Job("job", "mail.send", new { To = text }, step => step.Compensate("mail.send", new { To = text }))
            .Child("child", "other", new { Deep = new[] { new { Text = text } } })
            .ForEach("each", text, "mail.send", new { To = text })
            .Return(text));
        Assert.Equal(
            [
                "output", "steps.child.input.deep[0].text", "steps.each.forEach.items", "steps.each.forEach.payload.to",
                "steps.job.compensate.payload.to", "steps.job.payload.to",
            ],
            faults.Select(fault => fault.Split(": ")[0]));
        const string Hint = "is not closed with }}; to write the characters themselves, use ${{ '${{' }}";
        Assert.All(faults, fault => Assert.Contains(Hint, fault, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("inpt.x", "an expression has no 'inpt': it has input, steps, instance; did you mean 'input'?")]
    [InlineData("length(inptu)", "an expression has no 'inptu': it has input, steps, instance; did you mean 'input'?")]
    [InlineData("{ a: step.first.output }", "an expression has no 'step': it has input, steps, instance; did you mean 'steps'?")]
    [InlineData("@.inpt", "an expression has no 'inpt': it has input, steps, instance; did you mean 'input'?")]
    [InlineData("item", "'item' can only be used in forEach")]
    [InlineData("index", "'index' can only be used in forEach")]
    [InlineData("steps.frist.output", "step 'frist' does not exist; did you mean 'first'?")]
    [InlineData("steps.later.output", "step 'later' may not be done yet; add it to 'needs'")]
    [InlineData("steps.first.outptu", "a step has no 'outptu': it has output, status, error; did you mean 'output'?")]
    [InlineData("steps.first.result.x", "a step has no 'result': it has output, status, error")]
    [InlineData("steps", "'steps' can't be used on its own; use steps.<id>")]
    [InlineData("instance.ID", "the instance has no 'ID': it has id, workflow, createdAt; did you mean 'id'?")]
    public void Validate_UnknownPath_SuggestsTheNearest(string expression, string fault) =>
        Assert.Equal(["steps.second.input: " + fault], Errors(Second($"${{{{ {expression} }}}}")));

    [Theory]
    [InlineData("input.anything.at.all")]
    [InlineData("input.list[?nobody == 'x'].whatever")]
    [InlineData("input | nobody")]
    [InlineData("sort_by(input.list, &nobody)")]
    [InlineData("steps.first.output.anything")]
    [InlineData("[steps.first.status, steps.first.error, instance.id, instance.workflow, instance.createdAt]")]
    [InlineData("@")]
    [InlineData("{ a: { b: input.x } }")]
    public void Validate_PathThatMayExist_ReturnsNoErrors(string expression) =>
        Assert.Empty(Errors(Second($"${{{{ {expression} }}}}")));

    [Fact]
    public void Validate_WithinAFanOut_AllowsItemAndIndex()
    {
        Assert.Empty(Errors(Each("${{ input }}", "${{ item.to }} ${{ index }}")));
        Assert.Equal(
            ["steps.each.forEach.payload.to: an expression has no 'itm': it has input, steps, instance, item, index; did you mean 'item'?"],
            Errors(Each("${{ input }}", "${{ itm.to }}")));
    }

    [Theory]
    [InlineData("a ${{ input }}")]
    [InlineData("${{ input.a }}${{ input.b }}")]
    [InlineData("input.list")]
    public void Validate_ItemsThatAreText_NamesTheExpectedType(string items) => Assert.StartsWith(
        "steps.each.forEach.items: must be an expression that returns a list",
        Assert.Single(Errors(Each(items, "x"))),
        StringComparison.Ordinal);

    [Fact]
    public void Validate_UnknownPayloadMembers_SuggestsTheNearest()
    {
        var faults = Errors(new WorkflowBuilder("members")
            .Job("a", "mail.send", new { To = "x", Subjct = "y", Address = new { Strete = "z", City = "c" }, Extra = new { Whatever = 1 } })
            .Job("b", "mail.send", new { To = "x", Others = new object[] { new { City = "c" }, new { Town = "${{ input.town }}" } } })
            .ForEach("c", "${{ input }}", "mail.send", new { To = "${{ item }}", Sbject = "${{ item }}" })
            .Job("d", "mail.send", new { To = "x" }, step => step.Compensate("mail.send", new { To = "x", Sender = 1 }))
            .Job("e", "any", new { What = "ever" })
            .Job("f", "mail.send", "${{ input }}"));
        Assert.Equal(
            [
                "steps.a.payload.address.strete: is not known; did you mean 'street'?",
                "steps.a.payload.subjct: is not known; did you mean 'subject'?",
                "steps.b.payload.others[1].town: is not known",
                "steps.c.forEach.payload.sbject: is not known; did you mean 'subject'?",
                "steps.d.compensate.payload.sender: is not known",
            ],
            faults);
    }

    [Fact]
    public void Validate_DefinitionInJson_FindsTheSameMistakes()
    {
        var definition = WorkflowReader.Read(
            """
            {
              "name": "json.",
              "steps": {
                "a": {
                  "job": "mail.send",
                  "payload": { "to": "${{ inpt.x }}", "SUBJECT": "${{ {a: {b: input.c}} }}", "sbject": "open ${{ input.x" }
                },
                "b": { "waitFor": "a/b" }
              }
            }
            """u8,
            out _)!;
        Assert.Equal(
            ["name", "steps.a.payload.sbject", "steps.a.payload.sbject", "steps.a.payload.to", "steps.b.waitFor"],
            Validator.Validate(definition).Select(fault => fault.Field).Order(StringComparer.Ordinal));
    }

    private static WorkflowBuilder Each(string items, string to) =>
        new WorkflowBuilder("each").ForEach("each", items, "mail.send", new { To = to });

    private static WorkflowBuilder Second(string input) => new WorkflowBuilder("slips")
        .Job("first", "mail.send", new { To = "x" })
        .Job("later", "mail.send", new { To = "x" })
        .Child("second", "other", input, step => step.Needs("first"));

    private static List<string> Errors(WorkflowBuilder workflow) =>
        [.. Validator.Validate(workflow.Build(), ["other"]).Select(fault => fault.ToString()).Order(StringComparer.Ordinal)];

    private sealed record Mail(
        string To, string? Subject = null, Address? Address = null, IReadOnlyList<Address>? Others = null, Open? Extra = null);

    private sealed record Address(string? Street = null, string? City = null);

    private sealed record Open
    {
        [JsonExtensionData]
        public Dictionary<string, JsonElement>? Rest { get; init; }
    }

    private sealed class MailJob : IJobHandler<Mail>
    {
        public Task<JobOutcome> HandleAsync(Mail payload, JobContext context, CancellationToken cancellationToken) =>
            Task.FromResult(JobOutcome.Success());
    }

    private sealed class AnyJob : IJobHandler<JsonElement>
    {
        public Task<JobOutcome> HandleAsync(JsonElement payload, JobContext context, CancellationToken cancellationToken) =>
            Task.FromResult(JobOutcome.Success());
    }
}
