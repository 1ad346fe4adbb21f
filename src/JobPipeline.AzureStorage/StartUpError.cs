using Azure;
using Microsoft.Extensions.Options;

namespace JobPipeline.AzureStorage;

/// <summary>What kept a host from starting, in lines for whoever has to put it right.</summary>
/// <param name="ExitCode">78 for bad settings, 69 when the storage can't be reached (sysexits.h).</param>
/// <param name="Lines">What is wrong, one line each.</param>
public sealed record StartUpError(int ExitCode, IReadOnlyList<string> Lines)
{
    private const int Misconfigured = 78;
    private const int StorageUnreachable = 69;

    /// <summary>Null: the exception tells of a defect and belongs in the log as it is.</summary>
    public static StartUpError? Of(Exception error) => error switch
    {
        RequestFailedException or AggregateException { InnerException: RequestFailedException } => new StartUpError(
            StorageUnreachable,
            [$"the storage can't be reached: {(error.InnerException ?? error).Message.Split('\n')[0]} On this machine, 'dotnet run dev.cs up' starts one."]),
        _ when FaultsOf(error).Distinct(StringComparer.Ordinal).ToArray() is { Length: > 0 } faults => new StartUpError(Misconfigured, faults),
        _ => null,
    };

    /// <summary>Writes the lines; returns the exit code.</summary>
    public async Task<int> WriteAsync(TextWriter output)
    {
        foreach (var line in Lines)
            await output.WriteLineAsync($"Can't start: {line}");
        return ExitCode;
    }

    private static IEnumerable<string> FaultsOf(Exception error) => error switch
    {
        OptionsValidationException invalid => invalid.Failures,
        AggregateException many when many.InnerExceptions.All(inner => inner is OptionsValidationException) => many.InnerExceptions.SelectMany(FaultsOf),
        InvalidOperationException other => [other.Message],
        _ => [],
    };
}
