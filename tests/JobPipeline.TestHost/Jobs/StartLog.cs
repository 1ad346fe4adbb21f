using JobPipeline.Handlers;
using Microsoft.Extensions.Configuration;

namespace JobPipeline.TestHost.Jobs;

/// <summary>Which handlers started, in a file outside of the product, a line each: the word of a killed process survives it.</summary>
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
