using System.Reflection;

namespace JobPipeline.Failures.Fingerprints;

/// <summary>The exception that an error is known by: wrappers that only say that something else went wrong are taken off.</summary>
internal static class ErrorCause
{
    /// <param name="error">What was thrown.</param>
    /// <param name="stack">The innermost stack trace there is: what was never thrown has none of its own.</param>
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
