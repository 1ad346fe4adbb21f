using System.Text.Json;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Tests.Jobs;

public sealed class JobJsonTests
{
    [Fact]
    public void RecordWithNulls_WrittenAndReadBack_IsEqual()
    {
        var sample = new Sample("a", null, null);

        var json = JsonSerializer.Serialize(sample, JobJson.Options);

        Assert.Equal("""{"name":"a"}""", json);
        Assert.Equal(sample, JsonSerializer.Deserialize<Sample>(json, JobJson.Options));
    }

    [Theory]
    [InlineData("""{"note":"b"}""")]
    [InlineData("""{"name":null}""")]
    public void Read_RecordWithoutARequiredMember_Throws(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Sample>(json, JobJson.Options));

    private sealed record Sample(string Name, string? Note, int? Count);
}
