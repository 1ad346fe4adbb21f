using JobPipeline.Failures.ErrorGroups;
using JobPipeline.Tests.Jobs;

namespace JobPipeline.Tests.Failures.Groups;

/// <summary>Creates error batches for the tests of error groups.</summary>
internal static class Batches
{
    public const string Group = "0123456789abcdef";
    public static readonly DateTimeOffset At = Golden.At;
    public static readonly DateOnly Day = DateOnly.FromDateTime(At.UtcDateTime);

    public static ErrorBatch Of(
        int count,
        string release = "1.0.0",
        string instance = "a",
        long sequence = 1,
        DateTimeOffset? at = null,
        string job = "mail.send"
    ) =>
        new()
        {
            Id = new ErrorBatchId(instance, sequence),
            Group = Group,
            Title = "IOException: unplugged",
            ExceptionType = "System.IO.IOException",
            JobTypes = [job],
            Release = release,
            Days = [new ErrorDay(DateOnly.FromDateTime((at ?? At).UtcDateTime), count)],
            FirstAt = at ?? At,
            LastAt = at ?? At,
            Samples = [new ErrorSample(Golden.Id, 1, at ?? At, $"{instance} {sequence}")],
        };
}
