namespace JobPipeline.Functions.StartUp;

/// <summary>The settings of the Functions host that the pipeline depends on.</summary>
public sealed class FunctionsHostOptions
{
    /// <summary>
    /// Gets or sets the time limit of a function execution; null if unlimited. Read from <see cref="FunctionTimeoutSetting"/>.
    /// </summary>
    public TimeSpan? FunctionTimeout { get; set; } = FunctionTimeoutSetting.Default;
}
