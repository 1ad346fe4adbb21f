using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json.Serialization;
using JobPipeline.Handlers;

namespace JobPipeline.Tests.Handlers;

public sealed class CheckedJsonTests
{
    [Theory]
    [InlineData("""{"name":"ada"}""", "")]
    [InlineData("""{}""", "name")]
    [InlineData("", "name")]
    [InlineData("null", "-")]
    [InlineData("[]", "-")]
    [InlineData(
        """
        {"name":null,"size":"x","rows":[{"at":1},{"at":"2026-11-24T09:00:00Z"},{"at":"soon"}],
         "colour":"mauve","wait":"5 minutes","nmae":1}
        """,
        "colour,name,nmae,rows[0].at,rows[2].at,size,wait")]
    [InlineData("""{"name":"ada","size":101,"code":"x"}""", "code,size")]
    [InlineData("""{"name":"ada","size":101,"code":"x","flag":"yes"}""", "code,flag,size")]
    [InlineData("""{"name":"ada","NAME":"eve"}""", "NAME")]
    [InlineData("""{"name":"ada","rows":{}}""", "rows")]
    [InlineData("""{"name":"\ud800"}""", "name")]
    [InlineData("""{"name":"ada" """, "-")]
    public void Read_AnyJson_NamesEveryInvalidField(string json, string fields)
    {
        var faults = CheckedJson.Read<Strict>(Encoding.UTF8.GetBytes(json), out _);

        Assert.Equal(
            fields,
            string.Join(',', faults.Select(fault => fault.Field.Length == 0 ? "-" : fault.Field).Order(StringComparer.Ordinal)));
        Assert.All(faults, fault => Assert.DoesNotContain("System.", fault.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Read_ManyInvalidFields_StopsAtALimit() =>
        Assert.InRange(
            CheckedJson
                .Read<Strict>(
                    Encoding.UTF8.GetBytes($$"""{"name":"a","rows":[{{string.Join(',', Enumerable.Repeat("1", 10_000))}}]}"""),
                    out _)
                .Count,
            1,
            60);

    [Fact]
    public void Read_MisspelledName_SuggestsTheNearest() =>
        Assert.Contains(
            "did you mean 'name'?",
            Assert.Single(CheckedJson.Read<Strict>("""{"name":"a","nam":1}"""u8.ToArray(), out _)).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("\"{\\\"name\\\":\\\"ada\\\"}\"", "must be an object, not a string that contains its JSON; send the value itself")]
    [InlineData("\"ada\"", "must be an object, not a string")]
    [InlineData("7", "must be an object, not a number")]
    [InlineData("true", "must be an object, not true or false")]
    [InlineData("[]", "must be an object, not an array")]
    [InlineData("{\"name\":\"a\",\"rows\":{}}", "rows: must be an array, not an object")]
    [InlineData("{\"name\":\"a\",\"rows\":\"[]\"}", "rows: must be an array, not a string that contains its JSON; send the value itself")]
    [InlineData("{\"name\":\"a\",\"rows\":[\"x\"]}", "rows[0]: must be an object, not a string")]
    [InlineData(
        "{\"name\":\"a\",\"wait\":\"5\"}",
        "wait: must be a duration such as 00:10:00 (hh:mm:ss), 1.00:00:00 (days first) or PT10M (ISO 8601)")]
    [InlineData("{\"name\":\"a\",\"rows\":[{\"at\":\"soon\"}]}", "rows[0].at: must be an ISO 8601 time such as 2026-11-24T09:00:00Z")]
    public void Read_ValueOfTheWrongType_NamesTheExpectedAndTheActualType(string json, string fault) =>
        Assert.Equal(fault, Assert.Single(CheckedJson.Read<Strict>(Encoding.UTF8.GetBytes(json), out _)).ToString());

    [Fact]
    public void Read_AfterAByteOrderMark_IsTheSame()
    {
        Assert.Empty(CheckedJson.Read<Strict>(Encoding.UTF8.GetBytes("\uFEFF{\"name\":\"ada\"}"), out var value));
        Assert.Equal("ada", value!.Name);
    }

    private enum Colour
    {
        Red,
    }

    private sealed record Row(DateTimeOffset At);

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    private sealed record Strict(
        string Name,
        [property: Range(1, 100)] int Size = 1,
        [property: StringLength(8, MinimumLength = 2)] string? Code = null,
        IReadOnlyList<Row>? Rows = null,
        Colour Colour = Colour.Red,
        TimeSpan? Wait = null,
        bool Flag = false);
}
