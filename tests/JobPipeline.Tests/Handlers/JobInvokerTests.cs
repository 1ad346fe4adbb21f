using System.ComponentModel.DataAnnotations;
using JobPipeline.Handlers;
using JobPipeline.Tests.Rig;

namespace JobPipeline.Tests.Handlers;

public sealed class JobInvokerTests
{
    private static readonly JobInvoker Invoker = new JobInvoker<StrictJob, StrictPayload>();

    [Theory]
    [InlineData("""{"name":"ada","size":3}""")]
    [InlineData("""{"name":"ada","size":3,"colour":"red","more":{}}""")]
    [InlineData("""{"NAME":"ada","size":"3"}""")]
    public void Parse_ValidPayload_ReturnsIt(string json)
    {
        var payload = Assert.IsType<StrictPayload>(Invoker.Parse(System.Text.Encoding.UTF8.GetBytes(json)));
        Assert.Equal(("ada", 3), (payload.Name, payload.Size));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("""{"name":null,"size":3}""")]
    [InlineData("""{"size":3}""")]
    [InlineData("""{"name":"ada","size":"x"}""")]
    [InlineData("""{"name":"ada","size":1e400}""")]
    [InlineData("""{"name":"ada","size":101}""")]
    [InlineData("""{"name":"ada","name":"eve","size":3}""")]
    [InlineData("""{"name":"\ud800","size":3}""")]
    [InlineData("""{"name":"ada","size":3,"colour":"mauve"}""")]
    public void Parse_InvalidPayload_ThrowsARejection(string json) =>
        Assert.Throws<JobRejectedException>(() => Invoker.Parse(System.Text.Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Parse_MissingPayload_ReturnsAnEmptyOne() =>
        Assert.IsType<ScriptedPayload>(new JobInvoker<ScriptedJob, ScriptedPayload>().Parse(default));

    private enum Colour
    {
        Red,
    }

    private sealed record StrictPayload(string Name, [property: Range(1, 100)] int Size, Colour Colour = Colour.Red);

    private sealed class StrictJob : IJobHandler<StrictPayload>
    {
        public Task<JobOutcome> HandleAsync(StrictPayload payload, JobContext context, CancellationToken cancellationToken) =>
            Task.FromResult(JobOutcome.Success());
    }
}
