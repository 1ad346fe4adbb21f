using System.Text.Json;
using JobPipeline.Alerts.Evaluation;
using JobPipeline.Functions.Http;
using JobPipeline.Functions.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace JobPipeline.Functions.Tests.Shell;

/// <summary>In Azure the app does not evaluate the alert rules, and the API reports that.</summary>
public sealed class AlertTests
{
    [Fact]
    public async Task List_OnTheFunctionsApp_NamesAzureAsTheEvaluator()
    {
        await using var rig = new FunctionsRig();
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = rig.Services, Response = { Body = body } };

        var result = await ActivatorUtilities.CreateInstance<AlertTriggers>(rig.Services)
            .ListAsync(context.Request, CancellationToken.None);
        await result.ExecuteAsync(context);

        var list = JsonElement.Parse(body.ToArray());
        Assert.Equal("azureMonitor", list.GetProperty("evaluatedBy").GetString());
        Assert.All(
            list.GetProperty("rules").EnumerateArray(),
            rule => Assert.Equal(
                ("azureMonitor", "inactive"), (rule.GetProperty("evaluatedBy").GetString(), rule.GetProperty("state").GetString())));
    }

    [Fact]
    public async Task Host_OfTheFunctionsApp_HasNoMonitor()
    {
        await using var rig = new FunctionsRig();

        Assert.DoesNotContain(rig.Services.GetServices<IHostedService>(), service => service is AlertMonitor);
    }
}
