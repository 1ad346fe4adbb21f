using System.Collections.Concurrent;
using JobPipeline.Execution;
using JobPipeline.Execution.Running;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Tests.Rig;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Tests.Execution;

/// <summary>Tests that every line logged while a job runs has the scope of its attempt, whatever the logger or thread.</summary>
public sealed class LogScopeTests : IAsyncDisposable
{
    private readonly ScopedLog _log = new();
    private readonly TestPipeline _pipeline;

    public LogScopeTests() => _pipeline = TestPipeline.With([typeof(TalkativeJob)], services => services
        .AddSingleton(_log).AddSingleton(typeof(ILogger<>), typeof(ScopedLogger<>))
        // As in a host: on a thread-pool thread.
        .AddSingleton(new HandlerThread()));

    [Fact]
    public async Task Lines_OfHandlerAndExecutor_HaveTheScopeOfTheirAttempt()
    {
        _pipeline.Script.Throws(new IOException("the disk is full"));
        var id = await _pipeline.EnqueueAsync(new JobRequest { Type = TalkativeJob.Type, CorrelationId = "c7" });
        await _pipeline.DeliverAsync();
        _pipeline.Script.Returns(JobOutcome.Success());
        _pipeline.AdvanceToNextMessage();
        await _pipeline.DeliverAsync();

        var ran = _log
            .Lines.Where(line =>
                line.Category.StartsWith("JobPipeline.Execution", StringComparison.Ordinal)
                || line.Category.Contains(nameof(TalkativeJob), StringComparison.Ordinal))
            .ToList();
        Assert.All(ran, line => Assert.Equal(($"{id}", TalkativeJob.Type, "c7"), (line["JobId"], line["JobType"], line["CorrelationId"])));
        foreach (var attempt in (string[])["1", "2"])
        {
            var own = ran.Where(line => line["Attempt"] == attempt).ToList();
            // The context's logger also names the job in the text, because not every sink writes scopes.
            Assert.Equal(
                ["before", $"Job {id} ({TalkativeJob.Type}) attempt {attempt}: logged by the context", "after", "on another thread"],
                own.Where(line => line.Category == typeof(TalkativeJob).FullName).Select(line => line.Text));
            Assert.Contains(own, line => line.Category.EndsWith(nameof(FollowUps), StringComparison.Ordinal));
        }

        Assert.Equal(["1", "2"], ran.Select(line => line["Attempt"]).Distinct());
    }

    public ValueTask DisposeAsync() => _pipeline.DisposeAsync();

    [Job(Type, MaxAttempts = 3, BackoffBase = "00:00:10")]
    private sealed class TalkativeJob(Script script, ILogger<TalkativeJob> logger) : IJobHandler<ScriptedPayload>
    {
        public const string Type = "mail.talk";

        public async Task<JobOutcome> HandleAsync(ScriptedPayload payload, JobContext context, CancellationToken cancellationToken)
        {
            Say(logger, "before");
            Say(context.Logger, "logged by the context");
            await Task.Yield();
            Say(logger, "after");
            await Task.Run(() => Say(logger, "on another thread"), cancellationToken);
            return await script.RunAsync(payload, context, cancellationToken);
        }

        private static void Say(ILogger logger, string text) =>
            logger.Log(LogLevel.Information, default, text, exception: null, static (text, _) => text);
    }

    private sealed record Line(string Category, string Text, IReadOnlyDictionary<string, string?> Scope)
    {
        public string? this[string name] => Scope.GetValueOrDefault(name);
    }

    /// <summary>Records what a sink receives: each line with the values of its scopes.</summary>
    private sealed class ScopedLog
    {
        public LoggerExternalScopeProvider Scopes { get; } = new();

        public ConcurrentQueue<Line> Lines { get; } = new();
    }

    private sealed class ScopedLogger<T>(ScopedLog log) : ILogger<T>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => log.Scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            var values = new Dictionary<string, string?>(StringComparer.Ordinal);
            log.Scopes.ForEachScope(
                static (scope, values) =>
                {
                    foreach (var (name, value) in scope as IEnumerable<KeyValuePair<string, object?>> ?? [])
                        values[name] = $"{value}";
                },
                values);
            log.Lines.Enqueue(new Line(typeof(T).FullName!, formatter(state, exception), values));
        }
    }
}
