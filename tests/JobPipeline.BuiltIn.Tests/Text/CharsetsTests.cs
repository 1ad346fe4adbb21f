using System.Text;
using CsCheck;
using JobPipeline.BuiltIn.Text;

namespace JobPipeline.BuiltIn.Tests.Text;

public sealed class CharsetsTests
{
    private const string DeadLetters = "abc,;\t\n01é漢";

    [Theory]
    [InlineData("utf8", 65001)]
    [InlineData("UTF-8", 65001)]
    [InlineData(" \"utf_8\" ", 65001)]
    [InlineData("utf-8-sig", 65001)]
    [InlineData("ascii", 20127)]
    [InlineData("ANSI_X3.4-1968", 20127)]
    [InlineData("ISO-8859-1", 28591)]
    [InlineData("iso_8859_9", 28599)]
    [InlineData("8859-5", 28595)]
    [InlineData("latin2", 28592)]
    [InlineData("windows-1250", 1250)]
    [InlineData("windows1258", 1258)]
    [InlineData("win-1254", 1254)]
    [InlineData("x-cp1251", 1251)]
    [InlineData("cp437", 437)]
    [InlineData("cp65001", 65001)]
    [InlineData("x-sjis", 932)]
    [InlineData("cp932", 932)]
    [InlineData("EUC_JP", 51932)]
    [InlineData("GBK", 936)]
    [InlineData("GB-18030", 54936)]
    [InlineData("ks_c_5601-1987", 949)]
    [InlineData("tis-620", 874)]
    [InlineData("utf-16le", 1200)]
    [InlineData("UTF16BE", 1201)]
    [InlineData("utf32", 12000)]
    public void Find_KnownName_ReturnsItsEncoding(string name, int codePage) => Assert.Equal(codePage, Charsets.Find(name)?.CodePage);

    [Theory]
    [InlineData("")]
    [InlineData("\"\"")]
    [InlineData("none")]
    [InlineData("utf-7")]
    [InlineData("utf-88")]
    [InlineData("cp")]
    [InlineData("cp99999")]
    [InlineData("cp99999999999")]
    [InlineData("iso-8859-99")]
    [InlineData("*")]
    public void Find_UnknownName_ReturnsNull(string name) => Assert.Null(Charsets.Find(name));

    [Fact]
    public void Find_AnyText_NeverThrows() => Gen.String.Sample(name => _ = Charsets.Find(name));

    [Fact]
    public void OfZeros_TextOfUtf16AndUtf32_IsDetected() =>
        Gen.Select(Gen.String[Gen.Char[DeadLetters], 4, 200], Gen.OneOf("utf-16", "utf-16BE", "utf-32", "utf-32BE")).Sample((text, name) =>
        {
            var encoding = Encoding.GetEncoding(name);
            var bytes = encoding.GetBytes("id,name\r\n" + text);
            Assert.Equal(encoding.CodePage, TextSigns.OfZeros(bytes)?.CodePage);
        });

    [Fact]
    public void OfZeros_TextOfUtf8_IsNeverDetected() =>
        Gen.String[Gen.Char[DeadLetters], 0, 200].Sample(text => Assert.Null(TextSigns.OfZeros(Encoding.UTF8.GetBytes(text))));
}
