using System.Diagnostics;
using JobPipeline.Diagnostics;

namespace JobPipeline.Telemetry;

/// <summary>
/// Selects the outgoing HTTP calls to trace: those made during an attempt, by its handler or to the storage on its behalf.
/// Others, above all the polling of queues, would each be a trace of no interest.
/// </summary>
internal static class AttemptCalls
{
    /// <summary>Whether the current call belongs to an attempt. Called while the call's own activity is current.</summary>
    public static bool IsOneOf()
    {
        for (var activity = Activity.Current?.Parent; activity is not null; activity = activity.Parent)
        {
            if (activity.Source.Name == TelemetryNames.Source)
                return true;
        }

        return false;
    }

    /// <summary>
    /// Reduces the URL of a call to the server, because the path may be a secret, as with webhooks, or come from a payload.
    /// </summary>
    public static void Shorten(Activity call, HttpRequestMessage request) =>
        call.SetTag("url.full", request.RequestUri is { IsAbsoluteUri: true } address ? address.GetLeftPart(UriPartial.Authority) : null);
}
