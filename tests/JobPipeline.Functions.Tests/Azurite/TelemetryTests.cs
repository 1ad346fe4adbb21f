using System.Diagnostics;
using System.Text.Json;
using JobPipeline.Integration.Tests.Monitoring;
using JobPipeline.Jobs;
using OpenTelemetry.Trace;

namespace JobPipeline.Functions.Tests.Azurite;

/// <summary>The telemetry that the Functions app sends to Application Insights.</summary>
[Slow]
public sealed class TelemetryTests(SharedAzurite azurite)
{
    private static readonly ActivitySource Invocations = new("Microsoft.Azure.Functions.Worker");

    [Fact]
    public async Task Job_OfAQueueTrigger_IsARequestLinkedToItsInvocation()
    {
        const string sender = "0af7651916cd43dd8448eb211c80319c";
        await using var insights = await IngestionListener.StartAsync();
        await using (var rig = await AzuriteRig.StartAsync(
            azurite,
            // The real package adds the source; its stand-in does not.
            services => services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddSource(Invocations.Name)),
            new KeyValuePair<string, string?>(
                "APPLICATIONINSIGHTS_CONNECTION_STRING",
                $"InstrumentationKey=00000000-0000-0000-0000-0000000000aa;IngestionEndpoint={insights.Address}"),
            new KeyValuePair<string, string?>("JobPipeline:Release", "9.8.7"),
            new KeyValuePair<string, string?>("WEBSITE_SITE_NAME", "my-app")))
        {
            var traces = await rig.StartExportersAsync();
            await rig.Queue.SendAsync(
                PriorityQueues.Normal,
                System.Text.Encoding.UTF8.GetBytes($$"""{ "type": "mail.send", "traceparent": "00-{{sender}}-b7ad6b7169203331-01" }"""),
                TimeSpan.Zero,
                TestContext.Current.CancellationToken);
            // As the worker starts one for each call; without a listener the source would return null.
            var host = new ActivityContext(
                ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, isRemote: true);
            using (var invocation = Invocations.StartActivity("Invoke", ActivityKind.Server, host))
            {
                Assert.NotNull(invocation);
                await rig.Host.DeliverAsync(PriorityQueues.Normal);
            }

            Assert.True(traces.ForceFlush(60_000));
        }

        var item = Assert.Single(insights.Items, item => NameOf(item) == "process mail.send");
        Assert.Equal(sender, item.GetProperty("tags").GetProperty("ai.operation.id").GetString());
        Assert.Equal(
            ("my-app", "9.8.7"),
            (
                item.GetProperty("tags").GetProperty("ai.cloud.role").GetString(),
                item.GetProperty("tags").GetProperty("ai.application.ver").GetString()));
        var request = item.GetProperty("data").GetProperty("baseData");
        var link = Assert.Single(
            JsonElement.Parse(request.GetProperty("properties").GetProperty("_MS.links").GetString()!).EnumerateArray());
        var around = Assert.Single(insights.Items, item => NameOf(item) == "Invoke");
        Assert.Equal(around.GetProperty("tags").GetProperty("ai.operation.id").GetString(), link.GetProperty("operation_Id").GetString());
    }

    private static string? NameOf(JsonElement item) =>
        item.GetProperty("data").GetProperty("baseData").TryGetProperty("name", out var name) ? name.GetString() : null;
}
