using JobPipeline.Handlers;
using Microsoft.Extensions.Configuration;

namespace JobPipeline.TestHost.Jobs;

/// <summary>A log of handler starts in a file, one line each, which survives the process when it is killed.</summary>
public sealed class StartLog(IConfiguration configuration)
{
    private readonly Lock _lock = new();

    public void Add(JobContext context)
    {
        if (configuration["TestHost:StartLog"] is not { } path)
            return;
        lock (_lock)
        {
            File.AppendAllText(path, $"{context.JobId} {context.Attempt}\n");
        }
    }
}
