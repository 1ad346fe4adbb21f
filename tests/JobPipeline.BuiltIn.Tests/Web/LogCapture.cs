using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace JobPipeline.BuiltIn.Tests.Web;

/// <summary>
/// Captures everything that a log sink could write: messages, values, scopes, and exceptions with their causes, at every level.
/// </summary>
internal sealed class LogCapture : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    public string Text => string.Join('\n', _lines);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        _lines.Enqueue(All(state));
        return null;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{formatter(state, exception)} {All(state)} {exception}");

    public void Dispose()
    {
    }

    private static string All(object? state) =>
        state is IEnumerable<KeyValuePair<string, object?>> values ? $"{state} {string.Join(' ', values)}" : $"{state}";
}
