namespace JobPipeline.Functions.StartUp;

/// <summary>What the Functions host around this process does, as far as the pipeline has to know.</summary>
public sealed class FunctionsHostOptions
{
    /// <summary>How long it lets a function run; null: without bound. From <see cref="FunctionTimeoutSetting"/>.</summary>
    public TimeSpan? FunctionTimeout { get; set; } = FunctionTimeoutSetting.Default;
}
