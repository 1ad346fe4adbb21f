using System.Security.Cryptography.X509Certificates;
using JobPipeline.BuiltIn.Web;
using JobPipeline.BuiltIn.Web.Outbound;
using JobPipeline.Jobs;
using JobPipeline.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JobPipeline.BuiltIn.Tests.Web;

/// <summary>The job type <c>http.request</c> on the in-memory pipeline; 127.0.0.1 is the only local address that it may call.</summary>
internal sealed class WebScene : IAsyncDisposable
{
    public const string Type = "http.request";

    /// <param name="settings">Settings in the section <c>JobPipeline:BuiltIn</c>.</param>
    public WebScene(params (string Name, string Value)[] settings)
        : this(null, settings)
    {
    }

    /// <param name="authority">The only trusted certificate authority.</param>
    /// <param name="settings">Settings in the section <c>JobPipeline:BuiltIn</c>.</param>
    public WebScene(X509Certificate2? authority, params (string Name, string Value)[] settings)
    {
        var configuration = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            [$"{OutboundOptions.Section}:AllowedNetworks:0"] = "127.0.0.1/32",
            [$"{OutboundOptions.Section}:AllowedPorts:0"] = "1024-65535",
        };
        foreach (var (name, value) in settings)
            configuration[$"{BuiltInOptions.Section}:{name}"] = value;
        Harness = new JobTestHarness(new JobTestHarnessOptions
        {
            Handlers = [typeof(HttpRequestJob)],
            Configuration = configuration,
            // The peers are real, so the tests advance the clock themselves where needed.
            Grace = TimeSpan.FromMinutes(1),
            ConfigureServices = services =>
            {
                services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log));
                services.AddSingleton<IHostResolver>(Names);
                if (authority is not null)
                    services.AddSingleton(new TlsTrust([authority]));
                services.AddBuiltInJobs(new ConfigurationBuilder().AddInMemoryCollection(configuration).Build());
            },
        });
    }

    public JobTestHarness Harness { get; }

    public ScriptedResolver Names { get; } = new();

    public LogCapture Log { get; } = new();

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public Task<HttpRequestResult> RunAsync(object payload) => Harness.RunAsync<HttpRequestResult>(Type, payload, Token);

    /// <summary>Runs a job that must fail permanently in its first attempt, and returns the reason.</summary>
    public Task<string> RunToDeadLetterAsync(object payload) => Harness.RunToDeadLetterAsync(Type, payload, Token);

    /// <summary>Runs a job that has one attempt and must fail, and returns its error.</summary>
    public async Task<AttemptError> RunToErrorAsync(object payload)
    {
        var id = await EnqueueOnceAsync(payload);
        await Harness.RunUntilIdleAsync(Token);
        return await ErrorOfAsync(id);
    }

    public Task<JobId> EnqueueOnceAsync(object payload) => Harness.EnqueueAsync(JobRequest.For(Type, payload) with { MaxAttempts = 1 });

    public async Task<AttemptError> ErrorOfAsync(JobId id)
    {
        Assert.Equal(JobState.DeadLettered, await Harness.GetStateAsync(id, Token));
        return Assert.Single((await Harness.GetDeadLettersAsync(Token)).Single(deadLetter => deadLetter.Id == id).Errors);
    }

    public ValueTask DisposeAsync() => Harness.DisposeAsync();
}
