using Azure;
using JobPipeline.Execution.Verdicts;

namespace JobPipeline.AzureStorage;

/// <summary>Distinguishes an unreachable storage account from a request that it refuses every time.</summary>
internal sealed class StorageOutageRule : IOutageRule
{
    public bool? IsOutage(Exception error) => error switch
    {
        // Malformed or too large: the same request is refused again. Missing rights and tables can be fixed by an operator.
        RequestFailedException { Status: 400 or 411 or 413 or 414 or 415 or 416 or 431 } => false,
        // The row exists without its blob: it was deleted.
        RequestFailedException { ErrorCode: "BlobNotFound" } => null,
        RequestFailedException => true,
        // Credentials that are temporarily unavailable: Azure.Identity is not referenced here.
        _ when error.GetType().Namespace?.StartsWith("Azure.Identity", StringComparison.Ordinal) == true => true,
        _ => null,
    };
}
