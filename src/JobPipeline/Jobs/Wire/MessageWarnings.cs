namespace JobPipeline.Jobs.Wire;

/// <summary>
/// Warnings for the producer about members of a message that have no effect. Other programs may add members of their own to a
/// message, so such a member alone does not prevent a job from running.
/// </summary>
internal static class MessageWarnings
{
    /// <summary>The maximum number of warnings per message; an additional last one states how many more there are.</summary>
    public const int Max = 8;

    /// <summary>The maximum length of a member name in a warning, in characters.</summary>
    public const int MaxName = 64;

    /// <summary>The maximum size of a warning on the wire, in bytes.</summary>
    public const int MaxBytes = 512;

    private static readonly string[] OfMessages =
    [
        "type", "payload", "key", "notBefore", "expiresAt", "maxAttempts", "timeout", "backoff",
        "workflow", "input", "tags", "correlationId", "traceparent",
    ];

    private static readonly string[] OfEvents =
    [
        "type", "source", "id", "time", "data", "data_base64",
        "maxAttempts", "timeout", "backoff", "tags", "correlationId", "traceparent",
    ];

    /// <summary>Names that other programs and the API use for members of a message.</summary>
    private static readonly Dictionary<string, string> Synonyms = new(StringComparer.OrdinalIgnoreCase)
    {
        ["delay"] = "notBefore",
        ["data"] = "payload",
        ["body"] = "payload",
    };

    /// <summary>Truncates a name to the length that is kept.</summary>
    public static string Cut(string name) =>
        name.Length <= MaxName ? name : name[..(char.IsHighSurrogate(name[MaxName - 1]) ? MaxName - 1 : MaxName)] + "…";

    /// <param name="unknown">The first unknown member names.</param>
    /// <param name="more">The number of further unknown members.</param>
    /// <param name="idle">The names of known members that have no effect in this kind of message.</param>
    /// <param name="isEvent">
    /// Whether the message is a CloudEvent, which may have extension attributes of any name: only likely misspellings are worth a
    /// warning.
    /// </param>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> unknown, int more, IReadOnlyList<string> idle, bool isEvent)
    {
        var strange = unknown.Select(name => isEvent ? OfExtension(name) : OfUnknown(name)).OfType<string>();
        var warnings = idle.Select(name => OfIdle(name, isEvent)).Concat(strange).ToList();
        var left = warnings.Count - Max + (isEvent ? 0 : more);
        return left <= 0 ? warnings : [.. warnings.Take(Max), $"{left} more members have no effect"];
    }

    /// <summary>Gets a hint such as <c>; did you mean 'type'?</c>, or an empty string.</summary>
    private static string Hint(string name) =>
        Synonyms.TryGetValue(name, out var other) ? NearestName.Hint(other, [other]) : NearestName.Hint(name, OfMessages);

    private static string OfUnknown(string name) => $"'{name}' is not a member of a message and has no effect{Hint(name)}";

    private static string? OfExtension(string name) =>
        Array.Find(OfEvents, known => IsMisspelling(name, known)) is { } near
            ? $"'{name}' is not known and has no effect{NearestName.Hint(near, [near])}"
            : null;

    private static string OfIdle(string name, bool isEvent) =>
        isEvent ? $"'{name}' has no effect in a CloudEvent" : $"'{name}' has no effect in this message{Hint(name)}";

    /// <summary>Whether the name is a likely misspelling: different only in case, or in at most two characters of a long word.</summary>
    private static bool IsMisspelling(string name, string known) =>
        NearestName.Distance(name, known) is var distance && (distance == 0 || (distance <= 2 && name.Length >= 7));
}
