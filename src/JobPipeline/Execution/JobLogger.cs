using JobPipeline.Jobs;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Execution;

/// <summary>
/// The logger of a handler's run: it writes under the handler's own category and prefixes each text with the job. Scopes contain the
/// same, but a console may not print them, and they never reach the Functions host.
/// </summary>
internal sealed class JobLogger(ILogger inner, JobId id, string type, int attempt) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (inner.IsEnabled(logLevel))
            inner.Log(logLevel, eventId, state, exception, TextOf);

        string TextOf(TState value, Exception? error) => $"Job {id} ({type}) attempt {attempt}: {formatter(value, error)}";
    }
}
