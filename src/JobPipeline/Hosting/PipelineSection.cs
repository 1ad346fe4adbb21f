namespace JobPipeline.Hosting;

/// <summary>A configuration section that a component of the pipeline owns.</summary>
internal sealed record PipelineSection(string Path, Type Options);
