using System.Text;

namespace JobPipeline.Tests.Jobs;

/// <summary>
/// Invalid message bodies. Those in <see cref="Named"/> are written by hand, one idea each; <see cref="All"/> adds the golden
/// files truncated at every length and with bytes changed, from a fixed seed.
/// </summary>
internal static class HostileBodies
{
    /// <summary>A value in every golden payload that must never appear in a log.</summary>
    public const string Secret = "ada@example.com";

    private const string Head = "\"type\":\"mail.send\"";
    private const string Payload = "\"payload\":{\"to\":\"ada@example.com\"}";
    private static readonly string[] Members =
    [
        "v", "pack", "type", "payloadRef", "key", "notBefore", "expiresAt", "enqueuedAt", "maxAttempts", "attempt",
        "timeout", "tags", "correlationId", "traceparent", "jobId", "parentId", "unadmitted", "sentHidden", "specversion",
        "source", "id", "time", "data_base64",
    ];

    private static readonly string[] Values =
    [
        "true", "false", "0", "-1", "1.0", "1e9", "1e999999999", "123456789012345678901234567890", "\"\"", "\"x\"",
        "\"1\"", "{}", "[]", "[[]]", "[null]", "[1]", "{\"a\":{}}", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u0000\"",
        "\"9999-12-31T23:59:59Z\"", "\"0001-01-01T00:00:00Z\"", "\"\\u0032026-11-24T09:00:00Z\\ud800\"",
        "\"99.00:00:00\"", "\"-00:00:01\"",
    ];

    /// <summary>The bodies that are not a job, each with a word that the reason must contain.</summary>
    public static readonly (string Name, byte[] Body, string Why)[] Named =
    [
        ("empty", [], "neither"),
        ("white space", Utf8(" \r\n\t"), "neither"),
        ("only a byte order mark", [0xEF, 0xBB, 0xBF], "neither"),
        ("zero bytes", new byte[64], "neither"),
        ("an array", Utf8("[{" + Head + "}]"), "neither"),
        ("a string", Utf8("\"mail.send\""), "neither"),
        ("xml", Utf8("<job type='mail.send'/>"), "neither"),
        ("UTF-16", Encoding.Unicode.GetBytes("{" + Head + "}"), "JSON"),
        ("invalid UTF-8", [.. Utf8("{" + Head + ",\"key\":\""), 0xC3, 0x28, .. Utf8("\"}")], "neither"),
        ("invalid UTF-8 in an unknown member", [.. Utf8("{" + Head + ",\"x\":\""), 0xFF, .. Utf8("\"}")], "neither"),
        ("base64 of base64", Utf8(Base64(Base64("{" + Head + "}"))), "neither"),
        ("base64 of nothing", Utf8(Base64(" ")), "neither"),
        ("truncated base64", Utf8(Base64("{" + Head + "}")[..^1]), "neither"),
        ("trailing garbage", Utf8("{" + Head + "} x"), "JSON"),
        ("two objects", Utf8("{" + Head + "}{" + Head + "}"), "JSON"),
        ("trailing zero byte", [.. Utf8("{" + Head + "}"), 0], "JSON"),
        ("a comment", Utf8("{" + Head + "/* here */}"), "JSON"),
        ("a trailing comma", Utf8("{" + Head + ",}"), "JSON"),
        ("single quotes", Utf8("{'type':'mail.send'}"), "JSON"),
        ("NaN", Utf8("{" + Head + ",\"payload\":NaN}"), "JSON"),
        ("a bare word that quotes the payload", Utf8("{" + Head + ",\"payload\":true" + Secret + "}"), "JSON"),
        ("nested 65 deep", Utf8("{" + Head + ",\"payload\":" + Nested(64) + "}"), "JSON"),
        ("nested 20,000 deep", Utf8("{" + Head + ",\"payload\":" + Nested(20_000) + "}"), "JSON"),
        ("nested deep in an unknown member", Utf8("{" + Head + ",\"x\":" + Nested(64) + "}"), "JSON"),
        ("no type", Utf8("{" + Payload + "}"), "'type'"),
        ("type null", Utf8("{\"type\":null}"), "'type'"),
        ("type empty", Utf8("{\"type\":\"\"}"), "job type"),
        ("type in the wrong case", Utf8("{\"Type\":\"mail.send\"}"), "'type'"),
        ("type with a path", Utf8("{\"type\":\"../mail.send\"}"), "job type"),
        ("type too long", Utf8("{\"type\":\"" + new string('a', 129) + "\"}"), "'type'"),
        ("type twice", Utf8("{" + Head + "," + Head + "}"), "twice"),
        ("type twice, once escaped", Utf8("{" + Head + ",\"\\u0074ype\":\"mail.purge\"}"), "twice"),
        ("type twice, once null", Utf8("{\"type\":null," + Head + "}"), "twice"),
        ("payload twice", Utf8("{" + Head + "," + Payload + "," + Payload + "}"), "twice"),
        ("a name of half a surrogate pair", Utf8("{" + Head + ",\"\\ud800\":1}"), "surrogate"),
        ("a type of half a surrogate pair", Utf8("{\"type\":\"\\ud800\"}"), "surrogate"),
        ("a time with half a surrogate pair", Utf8("{" + Head + ",\"notBefore\":\"2026-11-24T09:00:0\\ud800\"}"), "surrogate"),
        ("a future version", Utf8("{\"v\":2," + Head + "}"), "'v'"),
        (
            "expiry before the start",
            Utf8("{" + Head + ",\"notBefore\":\"2026-11-25T00:00:00Z\",\"expiresAt\":\"2026-11-24T00:00:00Z\"}"),
            "'expiresAt'"),
        ("17 tags", Utf8("{" + Head + ",\"tags\":[" + string.Join(',', Enumerable.Repeat("\"t\"", 17)) + "]}"), "tags"),
        ("an empty key", Utf8("{" + Head + ",\"key\":\"\"}"), "'key'"),
        ("an event of another version", Utf8("{\"specversion\":\"0.3\"," + Head + ",\"source\":\"/s\",\"id\":\"1\"}"), "CloudEvents"),
        ("an event without a source", Utf8("{\"specversion\":\"1.0\"," + Head + ",\"id\":\"1\"}"), "'source'"),
        ("event data in invalid base64", Utf8(Event("???")), "base64"),
        ("event data that is not JSON", Utf8(Event(Base64(Secret))), "JSON"),
        ("event data of two values", Utf8(Event(Base64("1 2"))), "JSON"),
        ("event data in invalid UTF-8", Utf8(Event(Convert.ToBase64String([(byte)'"', 0xFF, (byte)'"']))), "UTF-8"),
        ("event data nested too deep to travel", Utf8(Event(Base64(Nested(64)))), "JSON"),
        ("event data and data_base64 with half a surrogate pair", Utf8(Event("\\ud800")), "surrogate"),
        (
            "a step with an invalid instance",
            Utf8(
                WithId("01a20cc8-8e80-7abc-8def-0123456789ab")[..^1]
                    + ",\"workflowStep\":{\"instance\":\"a/b\",\"run\":{\"step\":\"s\",\"attempt\":1}}}"),
            "workflowStep"),
        (
            "a step with a name that is too long",
            Utf8(
                WithId("01a20cc8-8e80-7abc-8def-0123456789ab")[..^1]
                    + ",\"workflowStep\":{\"instance\":\"a\",\"run\":{\"step\":\""
                    + new string('s', 40_000)
                    + "\",\"attempt\":1}}}"),
            "workflowStep"),
        ("a workflow's input nested too deep to travel", Utf8("{\"workflow\":\"w\",\"input\":" + Nested(61) + "}"), "'input'"),
        ("an empty pack", Utf8("{\"pack\":[]}"), "empty"),
        ("a pack that is not an array", Utf8("{\"pack\":{}}"), "'pack'"),
        ("a pack of numbers", Utf8("{\"pack\":[1]}"), "'pack'"),
        ("a pack of 101", Utf8("{\"pack\":[" + string.Join(',', Enumerable.Repeat("{" + Head + "}", 101)) + "]}"), "more than 100"),
        ("an id of version 4", Utf8(WithId("9f3c1f6e-0d3c-4b59-9d5e-0b1d2c3e4f50")), "'jobId'"),
        ("an id of zeros", Utf8(WithId("00000000-0000-0000-0000-000000000000")), "'jobId'"),
        ("an id beyond the maximum time", Utf8(WithId("ffffffff-ffff-7abc-8def-0123456789ab")), "'jobId'"),
        ("an id in braces", Utf8(WithId("{01a20cc8-8e80-7abc-8def-0123456789ab}")), "'jobId'"),
        ("a parent of version 4", Utf8("{" + Head + ",\"parentId\":\"9f3c1f6e-0d3c-4b59-9d5e-0b1d2c3e4f50\"}"), "'parentId'"),
        .. new[] { "0", "-1", "1e9", "1.0", "\"1\"", "101", "true" }.Select(n =>
            ($"attempt {n}", Utf8(WithId("01a20cc8-8e80-7abc-8def-0123456789ab")[..^1] + ",\"attempt\":" + n + "}"), "'attempt'")),
    ];

    /// <summary>Readable messages that must not run as requested.</summary>
    private static readonly byte[][] Crafty =
    [
        Utf8(WithId("01000000-0000-7abc-8def-0123456789ab")),
        Utf8(WithId("0fffffff-ffff-7abc-8def-0123456789ab")),
        Utf8(WithId("01a20cc8-8e80-7abc-8def-0123456789ff")[..^1] + ",\"attempt\":99}"),
        Utf8("{" + Head + ",\"payloadRef\":true," + Payload + "}"),
        Utf8("{" + Head + ",\"payload\":{\"to\":7}}"),
        Utf8("{" + Head + ",\"payload\":{\"sizes\":{\"" + Secret + "\":\"x\"}}}"),
        Utf8("{" + Head + ",\"payload\":{\"" + Secret + "\":1,\"" + Secret + "\":2}}"),
        Utf8("{" + Head + ",\"payload\":\"" + Secret + "\"}"),
        Utf8("{" + Head + ",\"payload\":{\"to\":\"\\ud800\"}}"),
        Utf8("{" + Head + ",\"payload\":{\"count\":1e99999999999}}"),
        Utf8("{\"type\":\"mail.sent\"," + Payload + "}"),
        Utf8("{" + Head + ",\"key\":\"k1\",\"payload\":{\"x\":\"\\ud800\"}}"),
        Utf8("{" + Head + ",\"key\":\"k1\",\"payload\":{\"x\":\"\\ud801\"}}"),
        Utf8("{" + Head + ",\"key\":\"k2\",\"payload\":{\"x\":1e99999999999}}"),
        Utf8("{" + Head + ",\"key\":\"k2\",\"payload\":{\"x\":2e99999999999}}"),
        Utf8("{\"pack\":[{\"pack\":[{" + Head + "}]},{" + Head + "," + Payload + "},{\"type\":7,\"payload\":\"" + Secret + "\"}]}"),
        Utf8("{\"pack\":[{" + Head + ",\"key\":\"k3\"},{" + Head + ",\"key\":\"k3\"}]}"),
    ];

    /// <summary>Returns at least <paramref name="count"/> bodies, the same in every run.</summary>
    public static IEnumerable<byte[]> All(int count)
    {
        var bodies = new List<byte[]>(count);
        bodies.AddRange(Named.Select(named => named.Body));
        bodies.AddRange(Crafty);
        bodies.AddRange(
            Members.SelectMany(member =>
                Values.Select(value => Utf8("{" + (member == "type" ? "" : Head + ",") + Payload + ",\"" + member + "\":" + value + "}"))));
        foreach (var golden in Golden.Files.Select(Golden.Bytes))
            bodies.AddRange(Enumerable.Range(0, golden.Length).Select(length => golden[..length]));
        var dice = new Random(20261124);
        while (bodies.Count < count)
            bodies.Add(Mutated(bodies[dice.Next(bodies.Count)], dice));
        return bodies;
    }

    private static byte[] Mutated(byte[] body, Random dice)
    {
        var mutated = new List<byte>(body);
        for (var i = dice.Next(3); i >= 0; i--)
        {
            var at = dice.Next(mutated.Count + 1);
            switch (dice.Next(3))
            {
                case 0 when at < mutated.Count:
                    mutated[at] = (byte)dice.Next(256);
                    break;
                case 1 when at < mutated.Count:
                    mutated.RemoveAt(at);
                    break;
                default:
                    mutated.Insert(at, "{}[]\",:\\u0 e-9"u8[dice.Next(14)]);
                    break;
            }
        }

        return [.. mutated];
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static string Base64(string text) => Convert.ToBase64String(Utf8(text));

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);

    private static string Event(string data) =>
        "{\"specversion\":\"1.0\"," + Head + ",\"source\":\"/s\",\"id\":\"1\",\"data_base64\":\"" + data + "\"}";

    private static string WithId(string id) => "{" + Head + "," + Payload + ",\"jobId\":\"" + id + "\"}";
}
