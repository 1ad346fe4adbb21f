using System.Text;
using JobPipeline.Jobs.Wire;
using JobPipeline.Workflows.Instances;

namespace JobPipeline.Tests.Jobs;

public sealed class JsonTextTests
{
    [Theory]
    [InlineData("1", null)]
    [InlineData("\"\\ud83d\\ude00\"", null)]
    [InlineData("{\"a\":[1,{\"b\":null}]}", null)]
    [InlineData("1e999999999", null)]
    [InlineData("\"\\u0000\"", null)]
    [InlineData("\"\\ud800\"", "contains an unpaired surrogate in a string")]
    [InlineData("[\"x\",\"\\ude00\\ud83d\"]", "contains an unpaired surrogate in a string")]
    [InlineData("{\"\\udfff\":1}", "contains an unpaired surrogate in a member name")]
    [InlineData("{\"a\":{\"b\\ud800c\":1}}", "contains an unpaired surrogate in a member name")]
    [InlineData("{", "is not a single JSON value: ")]
    [InlineData("1 2", "is not a single JSON value: ")]
    [InlineData("[1,]", "is not a single JSON value: ")]
    [InlineData("", "is not a single JSON value: ")]
    [InlineData("NaN", "is not a single JSON value: ")]
    public void ErrorOf_EachText_ReturnsItsError(string json, string? fault)
    {
        var found = JsonText.ErrorOf(Encoding.UTF8.GetBytes(json), 10);
        if (fault is null)
            Assert.Null(found);
        else
            Assert.StartsWith(fault, found, StringComparison.Ordinal);
    }

    [Fact]
    public void ErrorOf_InvalidUtf8_ReturnsAnError() => Assert.Equal("is not UTF-8", JsonText.ErrorOf([(byte)'"', 0xC3, (byte)'"'], 10));

    [Theory]
    [InlineData(61, null)]
    [InlineData(62, "is nested deeper than 61 levels")]
    [InlineData(64, "is nested deeper than 61 levels")]
    [InlineData(100_000, "is nested deeper than 61 levels")]
    public void ErrorOf_DeeplyNestedValue_NamesTheLimit(int depth, string? fault)
    {
        var arrays = Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth));
        var objects = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth));
        Assert.Equal([fault, fault], [WorkflowValue.ErrorOf(arrays), WorkflowValue.ErrorOf(objects)]);
    }

    [Theory]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("[{\"a\":{\"b\":1,\"\\u0062\":2}}]")]
    public void ErrorOf_DuplicateMembers_ReturnsAnError(string json) => Assert.NotNull(WorkflowValue.ErrorOf(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void ErrorOf_TooManyBytes_NamesTheLimit() => Assert.Equal(
        "has 4194306 bytes; at most 4194304 are accepted. Put the data into a blob and pass its name",
        WorkflowValue.ErrorOf(Encoding.UTF8.GetBytes($"\"{new string('x', 4 * 1024 * 1024)}\"")));
}
