using CsCheck;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Tests.Jobs;

public sealed class ClaimCheckTests
{
    [Fact]
    public void IsNeeded_AnyPayload_IsTrueWhenTheMessageWouldBeTooLong() =>
        Gen.Int[20_000, 60_000]
            .Select(Gen.Bool)
            .Sample(
                (bytes, longest) =>
                {
                    var spec = longest
                        ? Specs.Longest(bytes)
                        : Golden.Minimal with
                        {
                            Payload = Specs.Bytes($"\"{new string('x', bytes - 2)}\""),
                        };
                    var length = JobMessageWriter.Write(Golden.Id, JobLimits.MaxAttempts, spec).Length;
                    Assert.Equal(length > JobLimits.MaxMessageBytes, ClaimCheck.IsNeeded(Golden.Id, spec));
                },
                iter: 2_000);

    [Fact]
    public void IsNeeded_AtTheLastByte_IsExact()
    {
        var rest =
            JobMessageWriter.Write(Golden.Id, JobLimits.MaxAttempts, Golden.Minimal with { Payload = Specs.Bytes("\"\"") }).Length - 2;
        Assert.False(ClaimCheck.IsNeeded(Golden.Id, Sized(JobLimits.MaxMessageBytes - rest)));
        Assert.True(ClaimCheck.IsNeeded(Golden.Id, Sized(JobLimits.MaxMessageBytes - rest + 1)));
    }

    private static JobSpec Sized(int bytes) => Golden.Minimal with { Payload = Specs.Bytes($"\"{new string('x', bytes - 2)}\"") };
}
