using CsCheck;
using JobPipeline.Failures.Fingerprints;
using JobPipeline.Jobs;

namespace JobPipeline.Tests.Failures;

public sealed class ErrorFingerprintTests
{
    private static readonly Gen<SampleTrace> Sample = Gen.Int[0, SampleTraces.All.Count - 1].Select(index => SampleTraces.All[index]);

    private static readonly string[] Pieces =
    [
        "'",
        "\"",
        "<",
        ">",
        "[",
        "]",
        "`1",
        "(",
        ")",
        ".",
        "/",
        "\\",
        "@",
        "://",
        "-",
        "0x",
        "12",
        "ms",
        "at ",
        "\n",
        " ",
        "d__",
        "g__",
        "|",
        "<>c",
        "MoveNext",
        "a",
        "Foo",
        "\ud83d",
        "=",
    ];

    /// <summary>Random text, and text composed of the patterns that the normalisation replaces.</summary>
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String,
        Gen.Int[0, Pieces.Length - 1].Select(index => Pieces[index]).Array[0, 60].Select(string.Concat));

    public static TheoryData<string> Bugs => [.. SampleTraces.All.Select(trace => trace.Bug).Distinct(StringComparer.Ordinal)];

    [Fact]
    public void Samples_OfTheGoldenFile_AreAtLeastSixty()
    {
        Assert.True(SampleTraces.All.Count >= 60, $"only {SampleTraces.All.Count} samples");
        Assert.True(Bugs.Count >= 25, $"only {Bugs.Count} bugs");
    }

    [Theory]
    [MemberData(nameof(Bugs))]
    public void Of_TracesOfTheSameBug_IsTheSame(string bug)
    {
        var traces = SampleTraces.All.Where(trace => trace.Bug == bug).ToList();
        Assert.All(traces, trace => Assert.Equal((Shape(traces[0]), traces[0].Group), (Shape(trace), trace.Group)));
    }

    [Fact]
    public void Of_DifferentBugs_IsDifferent()
    {
        var groups = SampleTraces.All.Select(trace => (trace.Bug, trace.Group)).Distinct().ToList();
        Assert.Empty(groups.GroupBy(entry => entry.Group).Where(group => group.Count() > 1).Select(group => string.Join(" = ", group)));
    }

    /// <summary>Groups are stored. A change that moves errors to other groups must be intended and increments the version.</summary>
    [Fact]
    public void Of_KnownError_IsPinned() => Assert.Equal("31bbb812ae824a3e", SampleTraces.All[0].Group);

    [Fact]
    public void Of_UnknownTypesWithAndWithoutASuggestion_IsTheSame()
    {
        const string reason = nameof(DeadLetterReason.UnknownType);
        const string plain = "no handler is registered for the job type 'zzz'";
        const string asking = "no handler is registered for the job type 'mail.sent'; did you mean 'mail.send'?";

        Assert.Equal(ErrorFingerprint.Of(null, reason, plain, null), ErrorFingerprint.Of(null, reason, asking, null));
        Assert.Equal(ErrorFingerprint.Title(reason, plain), ErrorFingerprint.Title(reason, asking));
    }

    [Fact]
    public void Of_DeathsOfDifferentWorkers_IsTheSame()
    {
        const string reason = nameof(DeadLetterReason.KilledItsWorker);

        Assert.Equal(
            ErrorFingerprint.Of("mail.send", reason, "3 workers crashed while running it; the last one was 'vm:8022:b6c790'", null),
            ErrorFingerprint.Of("mail.send", reason, "4 workers crashed while running it; the last one was 'node-7:1:a0'", null));
    }

    [Fact]
    public void Of_TracesWithNoise_IsTheSame() =>
        Sample
            .Select(Gen.Int[0, 99_999], Gen.Bool, Gen.Int[0, 50])
            .Sample(
                (trace, line, isWindows, plumbing) =>
                {
                    var lines = trace
                        .Stack.Split('\n')
                        .Select(frame =>
                            frame.Split(" in ")[0]
                            + (isWindows ? $" in D:\\b\\{line}\\File.cs:line {line}" : $" in /b/{line}/File.cs:line {line}"))
                        .ToList();
                    if (lines.Count > 1)
                        lines.Insert(
                            plumbing % lines.Count,
                            "   at System.Runtime.CompilerServices.AsyncTaskMethodBuilder`1.SetException(Exception exception)");
                    lines.Insert(plumbing % lines.Count, "--- End of stack trace from previous location ---");
                    var noisy = trace with
                    {
                        Stack = string.Join(isWindows ? "\r\n" : "\n", lines),
                        Message = trace.Message.Split('\n')[0] + $"\r\nRequest {line}",
                    };
                    if (trace.Stack.Length > 0 && trace.Bug != "nothing but runtime")
                        Assert.Equal(trace.Group, noisy.Group);
                });

    [Fact]
    public void Of_OtherIdsAndNumbers_IsTheSame() =>
        Gen
            .Guid.Select(Gen.Guid, Gen.Long, Gen.DateTime)
            .Sample(
                (a, b, number, at) =>
                {
                    static string Of(Guid id, long number, DateTime at) =>
                        ErrorFingerprint.Of(
                            "job",
                            "E",
                            $"Entity {id} ('{id}', {id:N}) of {number} in /data/{id}/{number}.json at {at:O} "
                                + $"failed {Math.Abs(number % 1000)}ms after https://example.com/{id}?n={number}",
                            null);
                    Assert.Equal(Of(a, 7, new DateTime(2026, 11, 24, 9, 0, 0, DateTimeKind.Utc)), Of(b, number, at));
                });

    [Fact]
    public void Of_AnyText_IsAValidId() => Text.Select(Text, Text).Sample((type, message, stack) =>
    {
        Assert.True(ErrorFingerprint.IsId(ErrorFingerprint.Of(null, type, message, stack)));
        Assert.True(ErrorFingerprint.Title(type, message).Length <= 200);
    });

    /// <summary>Only a bounded prefix of the text is read, so the time is bounded too.</summary>
    [Theory]
    [InlineData("'")]
    [InlineData("' ")]
    [InlineData("<")]
    [InlineData("a.")]
    [InlineData("1 ")]
    [InlineData("at A.<B>")]
    [InlineData("   at A.B()\n   at C.D()\n")]
    public void Of_HugeText_IsThatOfItsBeginning(string piece)
    {
        var (huge, half) = (string.Concat(Enumerable.Repeat(piece, 200_000)), string.Concat(Enumerable.Repeat(piece, 100_000)));
        Assert.Equal(ErrorFingerprint.Of(null, "E", half, half), ErrorFingerprint.Of(null, "E", huge, huge));
    }

    [Theory]
    [InlineData("System.IO.IOException", "The file /data/a.csv is 12 KB", "IOException: The file <path> is <n>")]
    [InlineData("Shop.Retry`1[[System.Int32]]", "", "Retry")]
    [InlineData("E", "Took 12.5 ms, not 3s", "E: Took <n>, not <n>")]
    [InlineData("E", "[1, 2, 3] of 2026-11-24 09:00:00 +01:00", "E: [<n>] of <n>")]
    [InlineData("E", "SHA256 of Int32 order42 in api-3-eu", "E: SHA<n> of Int<n> order<n> in api-<n>-eu")]
    [InlineData("E", "can't read 'x' or \"it's\"", "E: can't read '<text>' or '<text>'")]
    [InlineData("E", "an 'open quotation", "E: an 'open quotation")]
    [InlineData("E", "mail ada@example.com about https://user:pw@example.com:8080/a?b=c", "E: mail <email> about https://example.com")]
    [InlineData("E", "  first line  \r\nsecond", "E: first line")]
    [InlineData("E", "either/or of application/json", "E: either/or of application/json")]
    [InlineData("E", "naïve größe 漢字", "E: naïve größe 漢字")]
    [InlineData("E", "key dGhlIHF1aWNrIGJyb3duIGZveDEz==: no", "E: key <id>: no")]
    public void Title_EachMessage_ReplacesItsVariableParts(string type, string message, string title) =>
        Assert.Equal(title, ErrorFingerprint.Title(type, message));

    [Theory]
    [InlineData("   at Shop.A.<Run>d__12.MoveNext()", "Shop.A.Run")]
    [InlineData("   at Shop.A.<>c__DisplayClass3_0.<Foo>b__1(Int32 x) in a.cs:line 7", "Shop.A.Foo")]
    [InlineData("   at Shop.A.<Foo>g__Bar|0_1()", "Shop.A.Foo.Bar")]
    [InlineData("   at Shop.A.<<Foo>g__Bar|0_1>d.MoveNext()", "Shop.A.Foo.Bar")]
    [InlineData("   at Shop.A`2.B[T](T x)", "Shop.A.B")]
    [InlineData("   at Shop.Outer+Inner.Run()", "Shop.Outer.Inner.Run")]
    [InlineData("   at Program.<Main>$(String[] args)", "Program.Main")]
    [InlineData("   at Shop.A..ctor()", "Shop.A.ctor")]
    [InlineData("   at async Task<int> Shop.A.RunAsync(Dictionary<string, int> x)", "Shop.A.RunAsync")]
    [InlineData(" ---> System.Exception: it (all) broke.", "")]
    [InlineData("--- End of stack trace from previous location ---", "")]
    [InlineData("", "")]
    public void Read_EachLine_ReturnsTheMethodAsWritten(string line, string name) =>
        Assert.Equal(name, FrameName.Read(line, new char[FrameName.MaxLength]).ToString());

    private static string Shape(SampleTrace trace) => $"{trace.Title}\n{string.Join('\n', StackFrames.Of(trace.Stack))}";
}
