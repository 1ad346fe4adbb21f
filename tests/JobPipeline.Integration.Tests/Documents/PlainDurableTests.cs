using System.Text.Json.Nodes;

namespace JobPipeline.Integration.Tests.Documents;

/// <summary>The plain Durable app of the benchmarks runs with the settings of ours, so that the code is compared.</summary>
public sealed class PlainDurableTests
{
    [Fact]
    public void DurableSettings_OfThePlainApp_AreOursExceptForTheHub()
    {
        var (ours, plain) = (DurableTask("host.json"), DurableTask("tests/benchmarks/PlainDurable/host.json"));

        Assert.NotEqual((string?)ours["hubName"], (string?)plain["hubName"]);
        ours.Remove("hubName");
        plain.Remove("hubName");
        Assert.True(JsonNode.DeepEquals(ours, plain), $"ours: {ours}\nplain: {plain}");
    }

    private static JsonObject DurableTask(string file) =>
        JsonNode.Parse(Repository.Read(file))!["extensions"]!["durableTask"]!.AsObject();
}
