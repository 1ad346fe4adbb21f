using System.Diagnostics;
using JobPipeline.Diagnostics;

namespace JobPipeline.Telemetry;

/// <summary>
/// Outgoing HTTP calls that are made while an attempt runs: by its handler, and to the storage on its behalf. Others, the
/// polling of queues above all, would be a trace each that nobody looks at.
/// </summary>
internal static class AttemptCalls
{
    /// <summary>Asked while the call's own activity is the current one.</summary>
    public static bool IsOneOf()
    {
        for (var activity = Activity.Current?.Parent; activity is not null; activity = activity.Parent)
        {
            if (activity.Source.Name == TelemetryNames.Source)
                return true;
        }

        return false;
    }

    /// <summary>The path of an address may be a secret, as those of webhooks are, or a payload's: the server is told, and no more.</summary>
    public static void Shorten(Activity call, HttpRequestMessage request) =>
        call.SetTag("url.full", request.RequestUri is { IsAbsoluteUri: true } address ? address.GetLeftPart(UriPartial.Authority) : null);
}
