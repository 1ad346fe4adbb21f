using System.Text.Json;
using JobPipeline.Functions.Http;
using JobPipeline.Http.Requests;
using JobPipeline.Http.Workflows;
using JobPipeline.SelfHost.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JobPipeline.Functions.Tests.Shell;

/// <summary>Addresses in responses carry the key of the request address, and no other.</summary>
public sealed class KeyedAddressTests
{
    private const string Key = "a key+with&odd=signs/#";
    private const string Uri = "https://jobs.example.com/api/workflows/one";
    private static readonly string Code = $"code={System.Uri.EscapeDataString(Key)}";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Key_InTheAddress_IsInEveryAddressOfTheResponse(bool isSelfHost)
    {
        var (location, body) = await AnswerAsync(isSelfHost, $"?{Code}&instanceId=one", header: null);

        Assert.Equal($"{Uri}?{Code}", location);
        var addresses = body.EnumerateObject().Where(member => member.Name.EndsWith("Uri", StringComparison.Ordinal)).ToList();
        Assert.Equal(10, addresses.Count);
        Assert.All(addresses, member => Assert.EndsWith(Code, member.Value.GetString(), StringComparison.Ordinal));
        Assert.Equal($"{Uri}?{Code}", body.GetProperty("statusQueryGetUri").GetString());
        Assert.Equal($"{Uri}/terminate?reason={{text}}&{Code}", body.GetProperty("terminatePostUri").GetString());
    }

    [Theory]
    [InlineData(true, "")]
    [InlineData(false, "")]
    [InlineData(true, "?code=a-key-that-does-not-count")]
    [InlineData(false, "?code=a-key-that-does-not-count")]
    public async Task Key_InAHeader_IsInNoAddress(bool isSelfHost, string query)
    {
        var (location, body) = await AnswerAsync(isSelfHost, query, header: Key);

        Assert.Equal(Uri, location);
        Assert.DoesNotContain("code=", body.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("odd", body.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SelfHost_WithoutKeys_AddsNoCode()
    {
        var (location, body) = await AnswerAsync(isSelfHost: true, "?code=what-nobody-has-asked-for", header: null, hasKeys: false);

        Assert.Equal(Uri, location);
        Assert.DoesNotContain("code=", body.GetRawText(), StringComparison.Ordinal);
    }

    private static async Task<(string Location, JsonElement Body)> AnswerAsync(
        bool isSelfHost, string query, string? header, bool hasKeys = true)
    {
        IRequestIdentity host = isSelfHost ? new GateIdentity() : new FunctionsIdentity(new ConfigurationBuilder().Build());
        await using var services = new ServiceCollection().AddLogging().AddSingleton(host).BuildServiceProvider();
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = services, Response = { Body = body } };
        (context.Request.Host, context.Request.QueryString) = (new HostString("localhost"), new QueryString(query));
        if (header is not null)
            context.Request.Headers[ApiKey.Header] = header;
        RequestDelegate answer = http => WorkflowAnswers.Started(http.Request, Uri, "one", isDuplicate: false).ExecuteAsync(http);
        var options = new HttpApiOptions();
        if (hasKeys)
            options.Keys["ops"] = Key;
        await (isSelfHost ? new ApiGate(answer, Options.Create(options)).InvokeAsync(context) : answer(context));
        Assert.Equal(StatusCodes.Status202Accepted, context.Response.StatusCode);
        return (context.Response.Headers.Location.ToString(), JsonElement.Parse(body.ToArray()));
    }
}
