using Azure;
using Azure.Identity;
using Microsoft.Extensions.Options;

namespace JobPipeline.AzureStorage.Start;

/// <summary>The reason why a host could not start, in lines for the operator.</summary>
/// <param name="ExitCode">The exit code: 78 for invalid settings, 69 when storage is unavailable (sysexits.h).</param>
/// <param name="Lines">The errors, one per line.</param>
public sealed record StartUpError(int ExitCode, IReadOnlyList<string> Lines)
{
    /// <summary>The exit code for invalid settings (EX_CONFIG of sysexits.h).</summary>
    public const int Misconfigured = 78;

    private const int StorageUnreachable = 69;

    /// <summary>Explains an exception thrown during start. Returns null for a defect, which belongs in the log unchanged.</summary>
    public static StartUpError? Of(Exception error) => error switch
    {
        StorageStartException { IsMisconfigured: var wrong } =>
            new StartUpError(wrong ? Misconfigured : StorageUnreachable, [OneLine(error.Message)]),
        AuthenticationFailedException or RequestFailedException or AggregateException { InnerException: RequestFailedException } =>
            OfStorage(error),
        _ when ErrorsOf(error).Select(OneLine).Distinct(StringComparer.Ordinal).ToArray() is { Length: > 0 } errors =>
            new StartUpError(Misconfigured, errors),
        _ => null,
    };

    /// <summary>Writes the lines and returns the exit code.</summary>
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
                $"The storage account can't be used: {OneLine(StorageRefusal.Reason(error))}. "
                    + $"Check {AzureStorageOptions.Section}, and that the service is running.",
            ]);

    private static IEnumerable<string> ErrorsOf(Exception error) => error switch
    {
        OptionsValidationException invalid => invalid.Failures,
        AggregateException many when many.InnerExceptions.All(inner => inner is OptionsValidationException) =>
            many.InnerExceptions.SelectMany(ErrorsOf),
        InvalidOperationException other => [other.Message],
        _ => [],
    };

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").Trim();
}
