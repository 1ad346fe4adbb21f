using System.Net;
using JobPipeline.SelfHost.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Integration.Tests.Http;

public sealed class ErrorAnswerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_ThatThrows_IsAProblemWithoutInternals()
    {
        using var answer = await CallAsync(() => throw new InvalidOperationException("secret of the inside"));

        var problem = await answer.ProblemAsync(HttpStatusCode.InternalServerError, "internal-error");
        Assert.DoesNotContain("secret", problem.GetRawText(), StringComparison.Ordinal);
        Assert.NotEmpty(problem.GetProperty("traceId").GetString()!);
    }

    [Fact]
    public async Task Call_ThatCannotBeRead_KeepsItsStatus()
    {
        using var answer = await CallAsync(() => throw new BadHttpRequestException("too much of it", StatusCodes.Status413PayloadTooLarge));

        await answer.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "payload-too-large");
    }

    private static async Task<HttpResponseMessage> CallAsync(Func<string> act)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        await using var app = builder.Build();
        app.UseApiErrors();
        app.MapGet("/", act);
        await app.StartAsync(Token);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        return await http.GetAsync(new Uri("/", UriKind.Relative), Token);
    }
}
