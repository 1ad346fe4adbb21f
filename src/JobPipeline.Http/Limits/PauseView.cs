using JobPipeline.Limits.Pauses;

namespace JobPipeline.Http.Limits;

/// <summary>The API representation of a pause.</summary>
/// <param name="Since">When it was paused.</param>
/// <param name="By">Who paused it.</param>
/// <param name="Reason">Why it was paused.</param>
internal sealed record PauseView(DateTimeOffset Since, string By, string? Reason)
{
    internal static PauseView? Of(Pause? pause) => pause is null ? null : new PauseView(pause.Since, pause.By, pause.Reason);
}

/// <summary>The response to a request to pause or resume.</summary>
/// <param name="Name">The queue or job type.</param>
/// <param name="Paused">The pause; absent after a resume.</param>
internal sealed record PausedView(string Name, PauseView? Paused);
