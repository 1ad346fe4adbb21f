using System.Net.Sockets;
using System.Text.Json;
using JobPipeline.Handlers;
using JobPipeline.Jobs.Wire;
using JobPipeline.Workflows.Definitions;

namespace JobPipeline.Execution.Verdicts;

/// <summary>What another try can do about a failure of the pipeline's own work.</summary>
internal enum FaultKind
{
    /// <summary>Nothing: it fails in the same way every time.</summary>
    Permanent,

    /// <summary>It may pass: something that is needed can't be reached.</summary>
    Outage,

    /// <summary>Not known: a few tries, and no more.</summary>
    Unknown,
}

/// <summary>
/// Tells failures of the pipeline's own work apart: of storage and of what is worked out, not of handlers
/// (<see cref="ErrorClassifier"/>). Only what is known to pass counts as an outage.
/// </summary>
internal sealed class FaultRules(IEnumerable<IOutageRule> rules)
{
    private const int MaxNesting = 8;

    private readonly IOutageRule[] _rules = [.. rules];

    public FaultKind Of(Exception error) => Of(error, MaxNesting);

    private FaultKind Of(Exception error, int left)
    {
        foreach (var rule in _rules)
        {
            if (rule.IsOutage(error) is { } isOutage)
                return isOutage ? FaultKind.Outage : FaultKind.Permanent;
        }

        return error switch
        {
            // What a client gives up with after its own retries: as good as the best of them.
            AggregateException several when left > 0 && several.InnerExceptions.Count > 0 =>
                several.InnerExceptions.Select(inner => Of(inner, left - 1)).OrderBy(kind => kind == FaultKind.Outage ? 0 : 1).ThenByDescending(kind => kind).First(),
            WorkflowExpressionException or UnknownJobTypeException or MessageFormatException or JobRejectedException => FaultKind.Permanent,
            JsonException or NotSupportedException or ArgumentException or FormatException => FaultKind.Permanent,
            IOException or SocketException or HttpRequestException or TimeoutException or OperationCanceledException => FaultKind.Outage,
            _ => FaultKind.Unknown,
        };
    }
}
