using System.Runtime.InteropServices;
using JobPipeline.Handlers;

namespace JobPipeline.TestHost.Jobs;

public sealed record MemoryPayload(int Megabytes = 100, int Milliseconds = 300);

/// <summary>
/// A job that holds memory outside of the managed heap for a while. The runtime limits its heap to a part of the container; native memory,
/// as of images or models, has no limit but the container's.
/// </summary>
[Job("test.memory", MaxAttempts = 1)]
internal sealed class MemoryJob(StartLog starts, TimeProvider time) : IJobHandler<MemoryPayload>
{
    private const int Page = 4096;

    public async Task<JobOutcome> HandleAsync(MemoryPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        starts.Add(context);
        var bytes = payload.Megabytes << 20;
        var memory = Marshal.AllocHGlobal(bytes);
        try
        {
            // Memory counts from when it is written to.
            for (var offset = 0; offset < bytes; offset += Page)
                Marshal.WriteByte(memory, offset, 1);
            await Task.Delay(TimeSpan.FromMilliseconds(payload.Milliseconds), time, cancellationToken);
            return JobOutcome.Success();
        }
        finally
        {
            Marshal.FreeHGlobal(memory);
        }
    }
}
