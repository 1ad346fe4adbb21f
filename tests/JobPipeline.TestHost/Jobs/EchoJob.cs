using JobPipeline.Handlers;

namespace JobPipeline.TestHost.Jobs;

public sealed record EchoPayload(string Text, int Milliseconds = 0);

/// <summary>A job that returns its input after a short delay.</summary>
[Job("test.echo", Timeout = "00:01:00")]
internal sealed class EchoJob(StartLog starts, TimeProvider time) : IJobHandler<EchoPayload, string>
{
    public async Task<JobOutcome<string>> HandleAsync(EchoPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        starts.Add(context);
        await Task.Delay(TimeSpan.FromMilliseconds(payload.Milliseconds), time, cancellationToken);
        return payload.Text;
    }
}
