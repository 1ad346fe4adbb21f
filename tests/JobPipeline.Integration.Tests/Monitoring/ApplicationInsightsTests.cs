using System.Net.Http.Json;
using System.Text.Json;
using JobPipeline.Integration.Tests.Processes;

namespace JobPipeline.Integration.Tests.Monitoring;

/// <summary>The telemetry that the Azure Monitor exporter of a real host sends, in its wire format.</summary>
[Slow]
public sealed class ApplicationInsightsTests(SharedAzurite azurite)
{
    private const string Key = "a-key-that-nobody-would-guess";
    private const string Connection = "InstrumentationKey=00000000-0000-0000-0000-0000000000aa;IngestionEndpoint=";

    [Fact]
    public async Task Telemetry_OfJobs_ArrivesAsRequestsDependenciesExceptionsAndMetrics()
    {
        await using var insights = await IngestionListener.StartAsync();
        var (good, bad) = await RunAsync(insights, traceRatio: 1);

        var run = Single(insights, "RequestData", "process test.echo", good);
        Assert.True(run.GetProperty("success").GetBoolean());
        Assert.Equal("order-7", Property(run, "messaging.message.conversation_id"));
        var failed = Single(insights, "RequestData", "process test.work", bad);
        Assert.False(failed.GetProperty("success").GetBoolean());
        var sent = Single(insights, "RemoteDependencyData", "send test.echo", good);
        Assert.Equal(TraceOf(insights, sent), TraceOf(insights, run));
        Assert.Contains(
            insights.Of("RequestData"),
            request => request.GetProperty("name").GetString()!.StartsWith("POST ", StringComparison.Ordinal)
                && TraceOf(insights, request) == TraceOf(insights, run));

        var exception = Assert.Single(insights.Of("ExceptionData")).GetProperty("exceptions")[0];
        Assert.Equal("JobPipeline.Handlers.JobRejectedException", exception.GetProperty("typeName").GetString());
        Assert.Equal(
            1, Sum(insights, "jobpipeline.attempts", ("jobpipeline.job.type", "test.echo"), ("jobpipeline.attempt.outcome", "succeeded")));
        Assert.Equal(
            1,
            Sum(
                insights,
                "jobpipeline.dead_letters",
                ("jobpipeline.job.type", "test.work"),
                ("jobpipeline.dead_letter.reason", "PermanentFailure")));
        string[] usage = ["dotnet.process.memory.virtual.utilization", "process.cpu.utilization"];
        Assert.Subset(
            insights.Of("MetricData")
                .Select(metric => metric.GetProperty("metrics")[0].GetProperty("name").GetString()!)
                .ToHashSet(StringComparer.Ordinal),
            usage.ToHashSet(StringComparer.Ordinal));
        Assert.Contains(insights.Of("MessageData"), line => Property(line, "JobId") == bad);

        var everything = string.Concat(insights.Items.Select(item => item.GetRawText()));
        // The caller's key, the text of the handler's exception, and the address of a hook may all be secrets.
        Assert.DoesNotContain(Key, everything, StringComparison.Ordinal);
        Assert.Contains(
            insights.Of("RemoteDependencyData"),
            call => call.TryGetProperty("data", out var data) && data.GetString() == insights.Address.GetLeftPart(UriPartial.Authority));
        Assert.DoesNotContain("secret-path", everything, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-query", everything, StringComparison.Ordinal);
        Assert.DoesNotContain("\"failed as requested", everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_WithoutSampledTraces_StillArrives()
    {
        await using var insights = await IngestionListener.StartAsync();
        var (_, bad) = await RunAsync(insights, traceRatio: 0);

        var request = Assert.Single(insights.Of("RequestData"));
        Assert.Equal(bad, Property(request, "jobpipeline.job.id"));
        Assert.Single(insights.Of("ExceptionData"));
        // Metrics are not sampled.
        Assert.Equal(2, Sum(insights, "jobpipeline.attempts", ("jobpipeline.attempt.outcome", "succeeded")));
    }

    private async Task<(string Good, string Bad)> RunAsync(IngestionListener insights, int traceRatio)
    {
        using var host = new TestHostProcess(
            azurite.ConnectionString,
            azurite.NewPrefix(),
            $"JobPipeline:Http:Keys:ops={Key}",
            $"APPLICATIONINSIGHTS_CONNECTION_STRING={Connection}{insights.Address}",
            $"JobPipeline:Telemetry:TraceRatio={traceRatio}",
            "JobPipeline:BuiltIn:Outbound:AllowedNetworks:0=127.0.0.0/8",
            $"JobPipeline:BuiltIn:Outbound:AllowedPorts:0={insights.Address.Port}")
        { Key = Key };
        await host.StartAsync();
        using var api = new HttpClient { BaseAddress = host.Address };
        var good = await SubmitAsync(api, "test.echo", """{ "text": "hello" }""");
        var bad = await SubmitAsync(api, "test.work", """{ "failForGood": true }""");
        var call = await SubmitAsync(
            api, "http.request", $$"""{ "method": "POST", "url": "{{insights.Address}}v1/secret-path?token=secret-query" }""");
        foreach (var id in new[] { good, bad, call })
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    var address = new Uri($"api/jobs/{id}?code={Key}", UriKind.Relative);
                    var job = await api.GetFromJsonAsync<JsonElement>(address, TestContext.Current.CancellationToken);
                    return job.GetProperty("state").GetString() is "succeeded" or "deadLettered";
                },
                $"job {id} has ended");
        }

        // A stopping host flushes its telemetry.
        Assert.Equal(0, await host.StopAsync());
        return (good, bad);
    }

    private static async Task<string> SubmitAsync(HttpClient api, string type, string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await api.PostAsync(
            new Uri($"api/jobs/{type}?correlationId=order-7&code={Key}", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("id").GetString()!;
    }

    private static JsonElement Single(IngestionListener insights, string kind, string name, string job) =>
        Assert.Single(
            insights.Of(kind),
            data => data.GetProperty("name").GetString() == name && Property(data, "jobpipeline.job.id") == job);

    private static string? Property(JsonElement data, string name) =>
        data.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static string TraceOf(IngestionListener insights, JsonElement data) => insights.Items
        .Single(item => item.GetProperty("data").GetProperty("baseData").GetRawText() == data.GetRawText())
        .GetProperty("tags").GetProperty("ai.operation.id").GetString()!;

    private static double Sum(IngestionListener insights, string metric, params (string Name, string Value)[] attributes) =>
        insights.Of("MetricData")
            .Where(
                data => data.GetProperty("metrics")[0].GetProperty("name").GetString() == metric
                    && attributes.All(attribute => Property(data, attribute.Name) == attribute.Value))
            .Sum(data => data.GetProperty("metrics")[0].GetProperty("value").GetDouble());
}
