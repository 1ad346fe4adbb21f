using System.Reflection;

namespace JobPipeline.Failures.Fingerprints;

/// <summary>Finds the exception that identifies an error, by removing wrappers that only report that something else failed.</summary>
internal static class ErrorCause
{
    /// <param name="error">The exception that was thrown.</param>
    /// <param name="stack">The innermost available stack trace; an exception that was never thrown has none of its own.</param>
    public static Exception Of(Exception error, out string? stack)
    {
        stack = error.StackTrace;
        while (error is TargetInvocationException or AggregateException { InnerExceptions.Count: 1 } && error.InnerException is { } inner)
        {
            error = inner;
            stack = error.StackTrace ?? stack;
        }

        return error;
    }
}
