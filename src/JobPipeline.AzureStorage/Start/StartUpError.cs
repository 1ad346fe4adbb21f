using Azure;
using Azure.Identity;
using Microsoft.Extensions.Options;

namespace JobPipeline.AzureStorage.Start;

/// <summary>What kept a host from starting, in lines for the person who has to put it right.</summary>
/// <param name="ExitCode">78 for wrong settings, 69 when the storage does not answer (sysexits.h).</param>
/// <param name="Lines">What is wrong, one line each.</param>
public sealed record StartUpError(int ExitCode, IReadOnlyList<string> Lines)
{
    /// <summary>The exit code for wrong settings (EX_CONFIG of sysexits.h).</summary>
    public const int Misconfigured = 78;

    private const int StorageUnreachable = 69;

    /// <summary>Explains an exception of a start. Returns null for a defect, which belongs in the log as it is.</summary>
    public static StartUpError? Of(Exception error) => error switch
    {
        StorageStartException { IsMisconfigured: var wrong } =>
            new StartUpError(wrong ? Misconfigured : StorageUnreachable, [OneLine(error.Message)]),
        AuthenticationFailedException or RequestFailedException or AggregateException { InnerException: RequestFailedException } =>
            OfStorage(error),
        _ when FaultsOf(error).Select(OneLine).Distinct(StringComparer.Ordinal).ToArray() is { Length: > 0 } faults =>
            new StartUpError(Misconfigured, faults),
        _ => null,
    };

    /// <summary>Writes the lines; returns the exit code.</summary>
    public async Task<int> WriteAsync(TextWriter output)
    {
        foreach (var line in Lines)
            await output.WriteLineAsync($"Can't start: {line}");
        return ExitCode;
    }

    private static StartUpError OfStorage(Exception error) => StorageRefusal.Explain(error, account: null) is { } refusal
        ? new StartUpError(Misconfigured, [OneLine(refusal)])
        : new StartUpError(
            StorageUnreachable,
            [
                $"The storage can't be used: {OneLine(StorageRefusal.Reason(error))}. "
                    + $"Check {AzureStorageOptions.Section}, and that the service is running.",
            ]);

    private static IEnumerable<string> FaultsOf(Exception error) => error switch
    {
        OptionsValidationException invalid => invalid.Failures,
        AggregateException many when many.InnerExceptions.All(inner => inner is OptionsValidationException) => many.InnerExceptions.SelectMany(FaultsOf),
        InvalidOperationException other => [other.Message],
        _ => [],
    };

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").Trim();
}
