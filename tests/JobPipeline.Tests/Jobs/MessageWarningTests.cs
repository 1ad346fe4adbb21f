using System.Text;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Tests.Jobs;

public sealed class MessageWarningTests
{
    [Theory]
    [InlineData("notbefore", "0", "'notbefore' is not a member of a message and has no effect; did you mean 'notBefore'?")]
    [InlineData("NotBefore", "0", "'NotBefore' is not a member of a message and has no effect; did you mean 'notBefore'?")]
    [InlineData("maxattempts", "3", "'maxattempts' is not a member of a message and has no effect; did you mean 'maxAttempts'?")]
    [InlineData("max_attempts", "3", "'max_attempts' is not a member of a message and has no effect; did you mean 'maxAttempts'?")]
    [InlineData("delay", "\"00:10:00\"", "'delay' is not a member of a message and has no effect; did you mean 'notBefore'?")]
    [InlineData("data", "{}", "'data' has no effect in this message; did you mean 'payload'?")]
    [InlineData("input", "{}", "'input' has no effect in this message")]
    [InlineData("expiresAfter", "{\"a\":[1]}", "'expiresAfter' is not a member of a message and has no effect; did you mean 'expiresAt'?")]
    [InlineData("x-tenant-of-somebody", "null", "'x-tenant-of-somebody' is not a member of a message and has no effect")]
    [InlineData("warnings", "[\"mine\"]", "'warnings' has no effect in this message")]
    public void Read_MemberWithoutEffect_AddsAWarning(string name, string value, string expected)
    {
        var message = Read($$"""{ "type": "mail.send", "{{name}}": {{value}} }""");

        Assert.StartsWith(expected, Assert.Single(message.Spec.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("maxattempts", "3", "'maxattempts' is not known and has no effect; did you mean 'maxAttempts'?")]
    [InlineData("notBefore", "\"2026-11-24T09:00:00Z\"", "'notBefore' has no effect in a CloudEvent")]
    [InlineData("payload", "{}", "'payload' has no effect in a CloudEvent")]
    public void Read_MistakeInACloudEvent_AddsAWarning(string name, string value, string expected)
    {
        var message = Read($$"""{ "specversion": "1.0", "type": "mail.send", "source": "/shop", "id": "1", "{{name}}": {{value}} }""");

        Assert.Equal(expected, Assert.Single(message.Spec.Warnings));
    }

    [Fact]
    public void Read_CloudEventWithExtensions_AddsNoWarning()
    {
        var message = Read(
            """
            { "specversion": "1.0", "type": "mail.send", "source": "/shop", "id": "1", "time": "2026-11-24T09:00:00Z",
              "subject": "s", "datacontenttype": "application/json", "dataschema": "http://x",
              "partitionkey": "p", "sequence": "1", "tracestate": "t", "comexampleextension1": 1, "data": {} }
            """);

        Assert.Empty(message.Spec.Warnings);
    }

    [Fact]
    public void Read_ValidMessage_AddsNoWarning() =>
        Assert.Empty(Read(Encoding.UTF8.GetString(JobMessageWriter.Write(Golden.Id, 1, Golden.Full))).Spec.Warnings);

    [Fact]
    public void Read_HundredsOfLongNames_KeepsFewShortWarnings()
    {
        var name = new string('\u00e4', 60) + "\\\"" + new string('n', 20);
        var members = string.Join(',', Enumerable.Range(0, 500).Select(i => $"\"{i}{name}\": {i}"));

        var warnings = Read($$"""{ "type": "mail.send", {{members}} }""").Spec.Warnings;

        Assert.Equal(MessageWarnings.Max + 1, warnings.Count);
        Assert.Equal("492 more members have no effect", warnings[^1]);
        Assert.All(warnings, warning => Assert.True(Encoding.UTF8.GetByteCount(warning) < MessageWarnings.MaxBytes / 2, warning));
    }

    [Fact]
    public void Warnings_OfAResentMessage_AreKept()
    {
        var spec = Read("""{ "type": "mail.send", "notbefore": 1, "größe\"": 2 }""").Spec;

        var again = Read(Encoding.UTF8.GetString(JobMessageWriter.WriteUnadmitted(Golden.Id, spec)));

        Assert.Equal(2, spec.Warnings.Count);
        Assert.Equal(spec.Warnings.ToArray(), again.Spec.Warnings.ToArray());
    }

    [Theory]
    [InlineData("7")]
    [InlineData("{\"a\":[]}")]
    [InlineData("[1,{\"a\":2},\"ok\",[3]]")]
    public void Warnings_OfAForeignMessage_AreIgnored(string value)
    {
        var text = $$"""{ "type": "mail.send", "jobId": "{{Golden.Id}}", "warnings": {{value}}, "tags": ["after"] }""";

        Assert.Equal(["after"], Read(text).Spec.Tags);
    }

    [Fact]
    public void Read_TypeMemberInTheWrongCase_NamesTheMistake()
    {
        var reading = JobMessageReader.Read("""{ "Type": "mail.send" }"""u8.ToArray(), Golden.At);

        Assert.Equal(
            "the member 'type' is missing: it names the job to run ('Type' is not recognized: names are case-sensitive)",
            Assert.IsType<MessageReading.Unreadable>(reading).Why);
    }

    [Theory]
    [InlineData(300, 211, true)]
    [InlineData(300, 212, false)]
    [InlineData(1, 510, true)]
    [InlineData(1, 511, false)]
    public void Read_CloudEventWithALongIdentity_NamesItsMembers(int source, int id, bool isRead)
    {
        var identity = $""" "source": "{new string('s', source)}", "id": "{new string('i', id)}" """;
        var text = $$"""{ "specversion": "1.0", "type": "mail.send", {{identity}} }""";

        var reading = JobMessageReader.Read(Encoding.UTF8.GetBytes(text), Golden.At);

        Assert.Equal(isRead, reading is MessageReading.Job);
        if (reading is MessageReading.Unreadable { Why: var why, Reason: DeadLetterReason.Unreadable })
            Assert.Equal($"the members 'source' and 'id' have {source + id} characters together; the limit is 511", why);
    }

    [Theory]
    [InlineData("notBefore", "\"2026-11-24T09:00:00\"")]
    [InlineData("expiresAt", "\"2026-11-24\"")]
    [InlineData("notBefore", "\"12:00\"")]
    [InlineData("timeout", "\"30\"")]
    [InlineData("timeout", "\"24:00\"")]
    [InlineData("timeout", "30")]
    [InlineData("backoff", "{\"base\":\"5\"}")]
    [InlineData("backoff", "{\"delays\":[\"00:00:05\",\"7\"]}")]
    public void Read_TimeWithoutOffsetOrDurationWithoutUnit_IsUnreadable(string name, string value)
    {
        var reading = JobMessageReader.Read(Encoding.UTF8.GetBytes($$"""{ "type": "mail.send", "{{name}}": {{value}} }"""), Golden.At);

        Assert.Matches("must be an? (ISO 8601 time|duration) such as", Assert.IsType<MessageReading.Unreadable>(reading).Why);
    }

    [Fact]
    public void Read_IsoDurations_ReturnsThem()
    {
        var spec = Read("""{ "type": "mail.send", "timeout": "PT10M", "backoff": { "base": "PT5S", "cap": "P1D" } }""").Spec;

        Assert.Equal(TimeSpan.FromMinutes(10), spec.Timeout);
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromDays(1)), (spec.Backoff!.Base, spec.Backoff.Cap));
    }

    private static JobMessage Read(string text) =>
        Assert.IsType<MessageReading.Job>(JobMessageReader.Read(Encoding.UTF8.GetBytes(text), Golden.At)).Message;
}
