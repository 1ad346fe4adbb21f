using System.Net.Sockets;
using System.Text.Json;
using JobPipeline.Handlers;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Execution.Verdicts;

/// <summary>Whether another try can help after a failure of the pipeline's own work.</summary>
internal enum FaultKind
{
    /// <summary>No: it fails in the same way every time.</summary>
    Permanent,

    /// <summary>Yes: a dependency can't be reached.</summary>
    Outage,

    /// <summary>Unknown: try a limited number of times.</summary>
    Unknown,
}

/// <summary>
/// Classifies the exceptions of the pipeline's own work, such as storage and expressions; <see cref="ErrorClassifier"/> classifies those of
/// handlers. Only what is known to be temporary counts as an outage.
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
            // The failures of a client's own retries: an outage if one of them is.
            AggregateException several when left > 0 && several.InnerExceptions.Count > 0 => several.InnerExceptions
                .Select(inner => Of(inner, left - 1))
                .OrderBy(kind => kind == FaultKind.Outage ? 0 : 1)
                .ThenByDescending(kind => kind)
                .First(),
            UnknownJobTypeException or MessageFormatException or JobRejectedException => FaultKind.Permanent,
            JsonException or NotSupportedException or ArgumentException or FormatException => FaultKind.Permanent,
            IOException or SocketException or HttpRequestException or TimeoutException or OperationCanceledException => FaultKind.Outage,
            _ => FaultKind.Unknown,
        };
    }
}
