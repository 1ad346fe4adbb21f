using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using JobPipeline.Integration.Tests.Support;
using JobPipeline.Jobs;

namespace JobPipeline.Integration.Tests.Processes;

/// <summary>Workflows on real hosts and real storage, over the API.</summary>
[Slow]
[Collection(ProcessCollection.Name)]
public sealed class WorkflowTests(SharedAzurite azurite)
{
    private const int Items = 140;
    private const int Links = 60;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Approval_OverTheApi_WaitsForItsEventAndEnds()
    {
        using var host = new TestHostProcess(azurite.ConnectionString, azurite.NewPrefix());
        await host.StartAsync();
        using var api = new HttpClient { BaseAddress = host.Address };
        using var started = await api.PostAsJsonAsync("api/workflows/test.approval?instanceId=an:order-7", new { text = "hello" }, Token);
        var addresses = await ReadAsync(started);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        var status = addresses.GetProperty("statusQueryGetUri").GetString()!;
        Assert.Equal(new Uri(host.Address, "api/workflows/an:order-7").ToString(), status);
        Assert.Equal(status, started.Headers.Location!.ToString());
        Assert.False(addresses.GetProperty("isDuplicate").GetBoolean());
        using var again = await api.PostAsJsonAsync("api/workflows/test.approval?instanceId=an:order-7", new { text = "other" }, Token);
        Assert.Equal((HttpStatusCode.Accepted, true), (again.StatusCode, (await ReadAsync(again)).GetProperty("isDuplicate").GetBoolean()));

        await Eventually.TrueAsync(
            async () => StepOf(await GetAsync(api, status), "approval").GetProperty("status").GetString() == "running",
            "the workflow waits for the approval");
        using var waiting = await api.GetAsync(status, Token);
        var view = await ReadAsync(waiting);
        Assert.Equal(
            (HttpStatusCode.Accepted, "Running", "test.approval"),
            (waiting.StatusCode, view.GetProperty("runtimeStatus").GetString(), view.GetProperty("name").GetString()));
        Assert.Equal(JsonValueKind.Null, view.GetProperty("output").ValueKind);
        Assert.Equal("hello", view.GetProperty("input").GetProperty("text").GetString());
        Assert.Equal("hello", StepOf(view, "draft").GetProperty("output").GetString());
        Assert.Contains(
            "step_draft[\"draft<br/>test.echo\"]:::succeeded",
            await api.GetStringAsync($"{status}?format=mermaid", Token),
            StringComparison.Ordinal);

        using var raised = await api.PostAsJsonAsync(
            addresses.GetProperty("sendEventPostUri").GetString()!.Replace("{eventName}", "approved", StringComparison.Ordinal),
            new { by = "Ada" },
            Token);
        Assert.Equal(HttpStatusCode.Accepted, raised.StatusCode);
        var ended = await EndAsync(api, status);
        Assert.Equal(
            ("Completed", "hello, says Ada"), (ended.GetProperty("runtimeStatus").GetString(), ended.GetProperty("output").GetString()));

        using var late = await api.PostAsync(
            addresses.GetProperty("terminatePostUri").GetString()!.Replace("{text}", "late", StringComparison.Ordinal), null, Token);
        Assert.Equal(HttpStatusCode.Gone, late.StatusCode);
        using var restarted = await api.PostAsync(addresses.GetProperty("restartPostUri").GetString(), null, Token);
        Assert.Equal(HttpStatusCode.Accepted, restarted.StatusCode);
        var second = (await ReadAsync(restarted)).GetProperty("statusQueryGetUri").GetString()!;
        using var early = await api.DeleteAsync(second, Token);
        Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
        await Eventually.TrueAsync(
            async () => StepOf(await GetAsync(api, second), "approval").GetProperty("status").GetString() == "running",
            "the second workflow waits for the approval");
        using var cancelled = await api.PostAsync($"{second}/cancel?reason=enough", null, Token);
        Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
        var undone = await EndAsync(api, second);
        Assert.Equal(
            ("Canceled", "enough", "compensated"),
            (
                undone.GetProperty("runtimeStatus").GetString(),
                undone.GetProperty("reason").GetString(),
                StepOf(undone, "draft").GetProperty("status").GetString()));

        var page = await GetAsync(api, "api/workflows?name=test.approval&limit=1");
        Assert.Equal("cancelled", Assert.Single(page.GetProperty("instances").EnumerateArray()).GetProperty("state").GetString());
        page = await GetAsync(api, $"api/workflows?name=test.approval&limit=1&cursor={page.GetProperty("nextCursor").GetString()}");
        Assert.Equal("an:order-7", Assert.Single(page.GetProperty("instances").EnumerateArray()).GetProperty("instanceId").GetString());
        using var purged = await api.DeleteAsync(addresses.GetProperty("purgeHistoryDeleteUri").GetString(), Token);
        Assert.Equal(1, (await ReadAsync(purged)).GetProperty("instancesDeleted").GetInt32());
        using var gone = await api.GetAsync(status, Token);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Contains("test.approval", await api.GetStringAsync("api/workflow-definitions", Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AdHoc_WithValidationErrors_ReportsThemAll()
    {
        using var host = new TestHostProcess(azurite.ConnectionString, azurite.NewPrefix());
        await host.StartAsync();
        using var api = new HttpClient { BaseAddress = host.Address };
        const string definition = """
            {
              "instanceId": "not an id",
              "definition": {
                "name": "x",
                "steps": {
                  "a": { "job": "test.ecco", "payload": { "text": "${{ steps.b.outptu }}" } },
                  "b": { "delay": "00:00:01", "needs": ["c"] }
                }
              }
            }
            """;

        using var answer = await api.PostAsync(
            "api/workflows", new StringContent(definition, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")), Token);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var errors = (await ReadAsync(answer)).GetProperty("errors").EnumerateObject().ToDictionary(
            error => error.Name, error => error.Value[0].GetString()!, StringComparer.Ordinal);
        Assert.Contains("instanceId", errors.Keys);
        Assert.Contains("definition.steps.a.job", errors.Keys);
        Assert.Contains("test.echo", errors["definition.steps.a.job"], StringComparison.Ordinal);
        Assert.Contains("definition.steps.a.payload.text", errors.Keys);
        Assert.Contains(
            errors,
            error => error.Key.StartsWith("definition.steps.b", StringComparison.Ordinal)
                && error.Value.Contains("'c'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task KilledTwentyTimes_During200Steps_EndsLikeAnUndisturbedRun()
    {
        var prefix = azurite.NewPrefix();
        await using var producer = await Producer.StartAsync(azurite.ConnectionString, prefix);
        string[] settings = ["JobPipeline:Listener:MaxConcurrency=8", "JobPipeline:MaxDeaths=20", TestHostProcess.ShortLease];
        using var host = new TestHostProcess(azurite.ConnectionString, prefix, settings);
        await host.StartAsync();
        using var api = new HttpClient { BaseAddress = host.Address };
        var status = await StartManyAsync(api, milliseconds: 20);
        for (var kill = 1; kill <= 20; kill++)
        {
            var enough = Math.Min(kill * 9, host.Starts.Length + 9);
            await Eventually.TrueAsync(() => host.Starts.Length >= enough, $"{enough} handlers have started before kill {kill}", () =>
                $"{host.Starts.Length} handlers have started");
            host.Kill();
            await host.StartAsync();
        }

        await JudgeAsync(api, status, producer, host);
    }

    [Fact]
    public async Task Workflow_OnTwoHosts_IsShared()
    {
        var prefix = azurite.NewPrefix();
        await using var producer = await Producer.StartAsync(azurite.ConnectionString, prefix);
        // A host with room keeps the steps that it sends to itself.
        string[] oneAtATime =
        [
            "JobPipeline:Listener:MaxConcurrency=1", "JobPipeline:Listener:BatchSize=1", "JobPipeline:Listener:NewBatchThreshold=0",
        ];
        using var first = new TestHostProcess(azurite.ConnectionString, prefix, oneAtATime);
        using var second = new TestHostProcess(azurite.ConnectionString, prefix, oneAtATime);
        await first.StartAsync();
        await second.StartAsync();
        using var api = new HttpClient { BaseAddress = first.Address };

        await JudgeAsync(api, await StartManyAsync(api, milliseconds: 20), producer, first, second);

        Assert.NotEmpty(first.Starts);
        Assert.NotEmpty(second.Starts);
    }

    /// <summary>A fan-out of many items next to a long chain of steps.</summary>
    private static async Task<string> StartManyAsync(HttpClient api, int milliseconds)
    {
        var steps = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["all"] = new
            {
                forEach = new
                {
                    items = "${{ input.items }}",
                    maxParallel = 5,
                    job = "test.echo",
                    payload = new { text = "<${{ item }}>", milliseconds },
                },
            },
            ["c0"] = new { job = "test.echo", payload = new { text = "0", milliseconds } },
        };
        for (var i = 1; i < Links; i++)
            steps[$"c{i}"] = new
            {
                job = "test.echo",
                payload = new { text = $"${{{{ steps.c{i - 1}.output }}}},{i}", milliseconds },
                needs = new[] { $"c{i - 1}" },
            };
        var definition = new { name = "many", output = $"${{{{ [steps.all.output, steps.c{Links - 1}.output] }}}}", steps };
        using var started = await api.PostAsJsonAsync(
            "api/workflows",
            new { definition, input = new { items = Enumerable.Range(0, Items).Select(i => $"{i}") } },
            Token);
        Assert.True(started.StatusCode == HttpStatusCode.Accepted, await started.Content.ReadAsStringAsync(Token));
        return (await ReadAsync(started)).GetProperty("statusQueryGetUri").GetString()!;
    }

    /// <summary>Checks that the result is that of an undisturbed run, and that each step's job completed once.</summary>
    private static async Task JudgeAsync(HttpClient api, string status, Producer producer, params TestHostProcess[] hosts)
    {
        var ended = await EndAsync(api, status);
        Assert.Equal("Completed", ended.GetProperty("runtimeStatus").GetString());
        var output = ended.GetProperty("output");
        Assert.Equal(Enumerable.Range(0, Items).Select(i => $"<{i}>"), output[0].EnumerateArray().Select(item => item.GetString()));
        Assert.Equal(string.Join(',', Enumerable.Range(0, Links)), output[1].GetString());
        var completions = new List<(string Step, int? Item)>();
        foreach (var job in hosts.SelectMany(host => host.Starts).Select(line => JobId.Parse(line.Split(' ')[0])).Distinct())
        {
            var rows = await producer.Jobs.GetAsync(job, Token);
            Assert.Equal(JobState.Succeeded, rows.Record!.Status.State);
            Assert.Equal(1, rows.Record.Spec.Workflow!.Run.Attempt);
            completions.AddRange(
                rows.Attempts.Where(attempt => attempt.State == AttemptState.Succeeded)
                    .Select(_ => (rows.Record.Spec.Workflow.Run.Step, rows.Record.Spec.Workflow.Run.Item)));
        }

        Assert.Equal(Items + Links, completions.Count);
        Assert.Equal(Items + Links, completions.Distinct().Count());
    }

    private static async Task<JsonElement> EndAsync(HttpClient api, string status)
    {
        await Eventually.TrueAsync(
            async () =>
            {
                using var answer = await api.GetAsync(status, Token);
                return answer.StatusCode == HttpStatusCode.OK;
            },
            $"the workflow has ended: {status}",
            async () => await api.GetStringAsync(status, Token));
        return await GetAsync(api, status);
    }

    private static Task<JsonElement> GetAsync(HttpClient api, string address) => api.GetFromJsonAsync<JsonElement>(address, Token);

    private static Task<JsonElement> ReadAsync(HttpResponseMessage answer) => answer.Content.ReadFromJsonAsync<JsonElement>(Token);

    private static JsonElement StepOf(JsonElement view, string step) =>
        view.GetProperty("steps").EnumerateArray().Single(entry => entry.GetProperty("id").GetString() == step);
}
