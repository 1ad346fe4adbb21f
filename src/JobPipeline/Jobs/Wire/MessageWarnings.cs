namespace JobPipeline.Jobs.Wire;

/// <summary>
/// What a producer should know of the members of a message that have no effect. A queue carries messages of strangers, who may add
/// members of their own, so that alone keeps no job from running.
/// </summary>
internal static class MessageWarnings
{
    /// <summary>Most warnings of one message; beyond them a last one says how many there are more.</summary>
    public const int Max = 8;

    /// <summary>Longest part of a member's name that is kept.</summary>
    public const int MaxName = 64;

    /// <summary>No warning takes more bytes on the wire.</summary>
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

    /// <summary>Names that other programs and the API use for what a message calls otherwise.</summary>
    private static readonly Dictionary<string, string> Synonyms = new(StringComparer.OrdinalIgnoreCase)
    {
        ["delay"] = "notBefore",
        ["data"] = "payload",
        ["body"] = "payload",
    };

    /// <summary>The name as it is kept.</summary>
    public static string Cut(string name) =>
        name.Length <= MaxName ? name : name[..(char.IsHighSurrogate(name[MaxName - 1]) ? MaxName - 1 : MaxName)] + "…";

    /// <param name="unknown">Names that no message has, the first of them.</param>
    /// <param name="more">How many there are beside them.</param>
    /// <param name="idle">Names that this kind of message has no use for.</param>
    /// <param name="isEvent">A CloudEvent may have extension attributes of any name: only what looks like a slip is worth a word.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> unknown, int more, IReadOnlyList<string> idle, bool isEvent)
    {
        var strange = unknown.Select(name => isEvent ? OfExtension(name) : OfUnknown(name)).OfType<string>();
        var warnings = idle.Select(name => OfIdle(name, isEvent)).Concat(strange).ToList();
        var left = warnings.Count - Max + (isEvent ? 0 : more);
        return left <= 0 ? warnings : [.. warnings.Take(Max), $"{left} more members have no effect"];
    }

    /// <summary>Such as <c>; did you mean 'type'?</c>, or nothing.</summary>
    private static string Hint(string name) =>
        Synonyms.TryGetValue(name, out var other) ? NearestName.Hint(other, [other]) : NearestName.Hint(name, OfMessages);

    private static string OfUnknown(string name) => $"'{name}' is not a member of a message and has no effect{Hint(name)}";

    private static string? OfExtension(string name) =>
        Array.Find(OfEvents, known => IsSlip(name, known)) is { } near
            ? $"'{name}' is not known and has no effect{NearestName.Hint(near, [near])}"
            : null;

    private static string OfIdle(string name, bool isEvent) =>
        isEvent ? $"'{name}' has no effect in a CloudEvent" : $"'{name}' has no effect in this message{Hint(name)}";

    /// <summary>Different in case alone, or in two letters of a long word.</summary>
    private static bool IsSlip(string name, string known) =>
        NearestName.Distance(name, known) is var distance && (distance == 0 || (distance <= 2 && name.Length >= 7));
}
