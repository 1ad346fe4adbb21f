using System.ComponentModel.DataAnnotations;

namespace JobPipeline.Functions.Durable;

/// <summary>The settings of workflows on Durable Functions.</summary>
public sealed class DurableOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "JobPipeline:Durable";

    /// <summary>
    /// Gets or sets the version of the interpreter that runs newly started workflow instances. The default is 2. Set it to 1 while
    /// instances of the app that run a release without version 2 share the task hub.
    /// </summary>
    [Range(1, 2)]
    public int Interpreter { get; set; } = 2;
}
