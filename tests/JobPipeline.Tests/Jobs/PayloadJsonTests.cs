using System.Text;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Tests.Jobs;

public sealed class PayloadJsonTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(" \n", "")]
    [InlineData("null", "")]
    [InlineData(" null ", "")]
    [InlineData("\t{ \"a\": 1 }\r\n", "{ \"a\": 1 }")]
    [InlineData("\"\\ud800\"", "\"\\ud800\"")]
    public void Normalise_OneValue_RemovesInsignificantParts(string json, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(PayloadJson.Normalise(Encoding.UTF8.GetBytes(json), "payload").Span));

    [Theory]
    [InlineData("{")]
    [InlineData("1 2")]
    [InlineData("nul")]
    [InlineData("{},")]
    public void Normalise_InvalidJson_NamesTheMember(string json) =>
        Assert.Contains(
            "'payload'",
            Assert.Throws<MessageFormatException>(() => PayloadJson.Normalise(Encoding.UTF8.GetBytes(json), "payload")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Normalise_InvalidUtf8_Throws() =>
        Assert.Throws<MessageFormatException>(() => PayloadJson.Normalise(new byte[] { (byte)'"', 0xFF, (byte)'"' }, "payload"));

    [Fact]
    public void Normalise_DeeplyNestedPayload_AcceptsUpToTheLimitOfAPack()
    {
        var deepest = Specs.Bytes(new string('[', 61) + new string(']', 61));
        var payload = PayloadJson.Normalise(deepest, "payload");
        var body = JobMessageWriter.WritePack([(Golden.Id, Golden.Minimal with { Payload = payload })]);
        var part = Assert.Single(Assert.IsType<MessageReading.Pack>(JobMessageReader.Read(body, Golden.At)).Parts);
        Assert.IsType<MessageReading.Job>(JobMessageReader.Read(part, Golden.At));
        Assert.Throws<MessageFormatException>(() =>
            PayloadJson.Normalise(Specs.Bytes(new string('[', 62) + new string(']', 62)), "payload"));
    }
}
