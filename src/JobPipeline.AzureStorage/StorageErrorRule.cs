using Azure;
using JobPipeline.Execution.Verdicts;
using JobPipeline.Jobs;

namespace JobPipeline.AzureStorage;

/// <summary>Classifies Azure SDK failures that a handler throws.</summary>
internal sealed class StorageErrorRule : IErrorRule
{
    private static readonly TimeSpan ServerBusy = TimeSpan.FromSeconds(30);

    public int Order => 1000;

    public ErrorClass? Classify(Exception error) => error is RequestFailedException failure
        ? failure.Status switch
        {
            429 or 503 => new ErrorClass(ErrorKind.Throttled, ServerBusy),
            408 or 409 or 412 or 404 or 0 or >= 500 => new ErrorClass(ErrorKind.Transient),
            _ => new ErrorClass(ErrorKind.Permanent),
        }
        : null;
}
