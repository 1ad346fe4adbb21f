using System.Reflection;

namespace JobPipeline.SelfHost;

/// <summary>The self-host as a program.</summary>
public static class SelfHostApplication
{
    public static Task<int> RunAsync(string[] args, params Assembly[] jobAssemblies) => Task.FromResult(args.Length + jobAssemblies.Length);
}
