using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Tests.Jobs;

public sealed class JobMessageReaderTests
{
    public static TheoryData<string> NamedBodies => [.. HostileBodies.Named.Select(named => named.Name)];

    [Theory]
    [MemberData(nameof(NamedBodies))]
    public void Read_InvalidBody_ReturnsTheReason(string name)
    {
        var (_, body, why) = HostileBodies.Named.Single(named => named.Name == name);
        var unreadable = Assert.IsType<MessageReading.Unreadable>(JobMessageReader.Read(body, Golden.At));
        Assert.Contains(why, unreadable.Why, StringComparison.Ordinal);
        var aboutIdentity = why is "'jobId'" or "'parentId'";
        Assert.Equal(aboutIdentity ? DeadLetterReason.ForgedIdentity : DeadLetterReason.Unreadable, unreadable.Reason);
    }

    [Fact]
    public void Read_TenThousandHostileBodies_NeverThrowsAndReturnsValidResults()
    {
        var counts = new Dictionary<Type, int>();
        foreach (var body in HostileBodies.All(10_000))
        {
            var reading = JobMessageReader.Read(body, Golden.At);
            counts[reading.GetType()] = counts.GetValueOrDefault(reading.GetType()) + 1;
            AssertSensible(reading);
        }

        Assert.Equal(3, counts.Count);
        var unreadable = counts[typeof(MessageReading.Unreadable)];
        Assert.True(unreadable > 5_000, $"only {unreadable} bodies were unreadable");
    }

    private static void AssertSensible(MessageReading reading)
    {
        switch (reading)
        {
            case MessageReading.Job { Message: var message }:
                JobSpecRules.Check(message.Spec);
                Assert.InRange(message.Attempt, 1, JobLimits.MaxAttempts);
                Assert.True(message.Id is not null || message.Attempt == 1);
                AssertTravels(message);
                break;
            case MessageReading.Pack { Parts: var parts }:
                Assert.InRange(parts.Count, 1, JobLimits.MaxPackedJobs);
                break;
            case MessageReading.Unreadable bad:
                Assert.True(bad.Reason is DeadLetterReason.Unreadable or DeadLetterReason.ForgedIdentity);
                Assert.NotEmpty(bad.Why);
                break;
        }
    }

    /// <summary>Asserts that a message is readable after it is re-sent; otherwise a retry would be lost.</summary>
    private static void AssertTravels(JobMessage message)
    {
        var again = Assert.IsType<MessageReading.Job>(JobMessageReader.Read(JobMessageWriter.Write(Golden.Id, 2, message.Spec), Golden.At));
        Golden.AssertSame(message.Spec, again.Message.Spec);
    }
}
