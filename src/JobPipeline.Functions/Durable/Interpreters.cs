using Microsoft.DurableTask;

namespace JobPipeline.Functions.Durable;

/// <summary>The versions of the interpreter. An orchestration runs under the version that its input names (ADR 25).</summary>
internal static class Interpreters
{
    /// <exception cref="NotSupportedException">The orchestration was started by a newer release.</exception>
    public static Task<OrchestrationOutput> RunAsync(TaskOrchestrationContext context, OrchestrationInput passage) =>
        passage.Interpreter switch
        {
            < Interpreter.OldestVersion => new Version1.Interpreter(context, passage).RunAsync(),
            <= Interpreter.Version => new Interpreter(context, passage).RunAsync(),
            var newer => throw new NotSupportedException(
                $"The orchestration was started with version {newer} of the interpreter; this release supports versions up to "
                    + $"{Interpreter.Version}."),
        };
}
