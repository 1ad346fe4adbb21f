using System.ComponentModel.DataAnnotations;

namespace JobPipeline.Functions.Durable;

/// <summary>The settings of workflows on Durable Functions.</summary>
public sealed class DurableOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "JobPipeline:Durable";

    /// <summary>
    /// Gets or sets the version of the interpreter that runs newly started workflow instances. The default is 3. Set it to the highest
    /// one of the oldest release while instances of the app that run it share the task hub.
    /// </summary>
    [Range(1, 3)]
    public int Interpreter { get; set; } = 3;

    /// <summary>
    /// Gets or sets whether newly started workflow instances run chains of quick steps in one activity. The default is true.
    /// </summary>
    public bool Strands { get; set; } = true;
}
