using System.Text;
using JobPipeline.Http;
using JobPipeline.Http.Workflows;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace JobPipeline.Functions.Tests.Workflows.Stage;

/// <summary>The HTTP API over a stage: it answers every request, and never with 500.</summary>
internal sealed class PoisonApi(WorkflowStage stage)
{
    private readonly IServiceProvider _services =
        new ServiceCollection().AddLogging().AddSingleton(NullLoggerFactory.Instance).BuildServiceProvider();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Runs the definition in the request. Returns false if it was rejected.</summary>
    public async Task<bool> StartAsync(string id, string definition, string input)
    {
        var body = $"{{ \"instanceId\": \"{id}\", \"definition\": {definition}{(input.Length > 0 ? $", \"input\": {input}" : "")} }}";
        var starts = Endpoints<WorkflowStartEndpoints>();
        return await StatusAsync(body, request => starts.StartAdHocAsync(request, Token)) == StatusCodes.Status202Accepted;
    }

    public Task RaiseAsync(string id, string name, string payload) =>
        StatusAsync(payload, request => Endpoints<WorkflowControlEndpoints>().RaiseAsync(request, id, name, Token));

    public async Task ShowAsync(string id) =>
        Assert.InRange(await StatusAsync("", request => Endpoints<WorkflowEndpoints>().GetAsync(request, id, Token)), 200, 202);

    public async Task TerminateAsync(string id) =>
        Assert.Equal(
            StatusCodes.Status202Accepted,
            await StatusAsync("", request => Endpoints<WorkflowControlEndpoints>().TerminateAsync(request, id, Token)));

    public async Task PurgeAsync(string id) =>
        Assert.Equal(StatusCodes.Status200OK, await StatusAsync("", _ => Endpoints<WorkflowControlEndpoints>().PurgeAsync(id, Token)));

    private T Endpoints<T>()
        where T : class => ActivatorUtilities.CreateInstance<T>(stage.Services, new ApiAddress(Options.Create(new ApiOptions())));

    private async Task<int> StatusAsync(string body, Func<HttpRequest, Task<IResult>> ask)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var context = new DefaultHttpContext { RequestServices = _services };
        context.Request.Host = new HostString("localhost");
        context.Request.Scheme = "http";
        context.Request.ContentType = "application/json";
        context.Request.ContentLength = bytes.Length;
        context.Request.Body = new MemoryStream(bytes);
        context.Response.Body = new MemoryStream();
        await (await ask(context.Request)).ExecuteAsync(context);
        Assert.NotEqual(StatusCodes.Status500InternalServerError, context.Response.StatusCode);
        return context.Response.StatusCode;
    }
}
