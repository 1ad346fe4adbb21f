using static JobPipeline.Tests.Rig.FlowRig;

namespace JobPipeline.Functions.Tests.Workflows.Stage;

/// <summary>Deep, huge or unusual values and definitions, and some ordinary ones; the same for the same seed.</summary>
internal sealed class Hostile(int seed)
{
    private static readonly string[] Leaves =
    [
        "null",
        "1",
        "-0",
        "1e400",
        "1e999999999",
        "123456789012345678901234567890.5",
        "\"\"",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "\"\\ude00\\ud83d\"",
        "\"\\ud83d\\ude00\"",
        "\"\u202e\ufeff\ufffd\"",
        "\"${{ input }}\"",
        "\"}}${{\"",
        "{\"\\ud800\":1}",
        "{\"a\":1,\"a\":2}",
        "{\"\":{}}",
        "[1,2,3]",
        "{\"__proto__\":1}",
        "\"\\u0000\\u001f\\u007f\"",
        "nope",
        "{",
        "1 2",
        "",
    ];

    private readonly Random _random = new(seed);

    public string Value()
    {
        var leaf = Leaves[_random.Next(Leaves.Length)];
        return _random.Next(5) switch
        {
            0 => Nested(_random.Next(1, 70), leaf),
            1 => Nested(_random.Next(58, 66), "1"),
            2 => $"[{string.Join(',', Enumerable.Repeat(leaf, _random.Next(1, 50)))}]",
            3 => $"\"{new string('x', _random.Next(2) == 0 ? 70_000 : 3_000_000)}\"",
            _ => leaf,
        };
    }

    /// <summary>Returns a definition that is mostly valid, with hostile literals and expressions in hostile places.</summary>
    public string Definition()
    {
        var with = _random.Next(3) == 0 ? Value() : Nested(_random.Next(0, 62), "\"${{ input }}\"");
        var second = _random.Next(5) switch
        {
            0 => """
                "b": {
                  "forEach": { "items": "${{ input }}", "job": "flow.work", "payload": { "name": "b", "with": "${{ item }}" } }
                }
                """,
            1 => "\"b\": { \"waitFor\": \"approved\", \"timeout\": \"01:00:00\" }",
            2 => "\"b\": { \"workflow\": \"flow\", \"input\": \"${{ input }}\" }",
            3 => Work("b", "\"needs\": [\"a\"], \"timeout\": \"00:30:00\"", "\"${{ fail }}\""),
            _ => "\"b\": { \"delay\": \"1.00:00:00\" }",
        };
        return Named(
            "hostile",
            new[] { null, "${{ input }}", "${{ steps.b.output }}", "${{ fail }}" }[_random.Next(4)],
            Work("a", "\"timeout\": \"00:10:00\"", with),
            second);
    }

    private static string Nested(int levels, string leaf) => new string('[', levels) + leaf + new string(']', levels);
}
