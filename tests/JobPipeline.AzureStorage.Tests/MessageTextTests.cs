using System.Text;
using CsCheck;
using JobPipeline.AzureStorage.Jobs;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.AzureStorage.Tests;

public sealed class MessageTextTests
{
    private const string Json = """{"type":"x","payload":"é漢😀<&>'\u0022"}""";

    /// <summary>Bodies in which the byte sequences that matter are frequent.</summary>
    private static readonly string[] Parts =
        ["{", "}", "<", "&", "é", "漢", "😀", "\uFFFE", "\uFFFF", "\uFFFD", "\r", "\n", "\t", "\0", " ", "]]>"];

    private static readonly Gen<byte[]> Bodies = Gen.OneOf(
        Gen.Int[0, Parts.Length - 1].Array[0, 20].Select(indices => Encoding.UTF8.GetBytes(string.Concat(indices.Select(i => Parts[i])))),
        Gen.Byte.Array[0, 20]);

    [Fact]
    public void From_OrdinaryJson_IsTheTextItself() =>
        Assert.Equal(Json, MessageText.From(Samples.Bytes(Json)).ToString());

    [Theory]
    [InlineData("é", 1024, true)]
    [InlineData("é", 1025, false)]
    [InlineData("x", 48 * 1024, true)]
    public void From_LongBodyBeyondAscii_IsBase64(string part, int count, bool isText)
    {
        var body = Samples.Bytes(string.Concat(Enumerable.Repeat(part, count)));

        Assert.Equal(isText, MessageText.From(body).ToMemory().Span.SequenceEqual(body));
    }

    [Fact]
    public void From_AnyBody_IsTheTextOrBase64AndSafeInXml() => Bodies.Sample(body =>
    {
        var text = MessageText.From(body).ToString();

        var isItself = Encoding.UTF8.GetBytes(text).AsSpan().SequenceEqual(body);
        return (isItself || Convert.FromBase64String(text).AsSpan().SequenceEqual(body))
            && text.All(c => c is >= ' ' and not ('\uFFFE' or '\uFFFF'))
            && text.Trim(' ').Length == text.Length;
    });

    [Theory]
    [InlineData("<")]
    [InlineData(">")]
    [InlineData("&")]
    [InlineData("\n")]
    [InlineData("x")]
    public void From_LargestBody_StaysWithinTheServicesLimit(string part)
    {
        var body = Samples.Bytes(string.Concat(Enumerable.Repeat(part, JobLimits.MaxMessageBytes)));

        var text = MessageText.From(body).ToString();

        Assert.InRange(new System.Xml.Linq.XElement("m", text).ToString().Length - "<m></m>".Length, 1, MessageText.MaxBytes);
    }

    [Fact]
    public void From_PayloadWithLineEnds_IsReadAsTheSameJob()
    {
        var id = Samples.NewId();
        var spec = Samples.PlainSpec() with { Payload = Samples.Bytes("{\r\n\t\"a\": 1\r\n}") };

        var text = MessageText.From(JobMessageWriter.Write(id, 1, spec));

        var read = Assert.IsType<MessageReading.Job>(JobMessageReader.Read(text.ToMemory(), Samples.Now));
        Assert.Equal(spec.Payload.ToArray(), read.Message.Spec.Payload.ToArray());
    }
}
