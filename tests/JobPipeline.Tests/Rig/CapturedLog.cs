using Microsoft.Extensions.Logging;

namespace JobPipeline.Tests.Rig;

/// <summary>
/// One log entry with everything that a sink could write: message, values, scopes, and the exception with its inner exceptions.
/// </summary>
internal sealed record LogEntry(LogLevel Level, EventId Event, string Text);

internal sealed class CapturedLog
{
    private readonly Lock _lock = new();
    private readonly List<LogEntry> _entries = [];
    private readonly List<object> _scopes = [];

    public IReadOnlyList<LogEntry> Entries
    {
        get
        {
            lock (_lock)
            {
                return [.. _entries];
            }
        }
    }

    public void Add(LogLevel level, EventId id, string text)
    {
        lock (_lock)
        {
            _entries.Add(new LogEntry(level, id, $"{text} {string.Join(' ', _scopes.Select(Text))}"));
        }
    }

    public IDisposable Enter(object scope)
    {
        lock (_lock)
        {
            _scopes.Add(scope);
        }

        return new Scope(this, scope);
    }

    public static string Text(object? state) =>
        state is IEnumerable<KeyValuePair<string, object?>> values ? $"{state} {string.Join(' ', values)}" : $"{state}";

    private sealed class Scope(CapturedLog log, object scope) : IDisposable
    {
        public void Dispose()
        {
            lock (log._lock)
            {
                log._scopes.Remove(scope);
            }
        }
    }
}

internal sealed class CapturedLogger<T>(CapturedLog log) : ILogger<T>
{
    public IDisposable BeginScope<TState>(TState state)
        where TState : notnull => log.Enter(state);

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => log.Add(logLevel, eventId, $"{formatter(state, exception)} {CapturedLog.Text(state)} {exception}");
}
