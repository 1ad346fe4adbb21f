namespace JobPipeline.Hosting;

/// <summary>A configuration section that some part of the pipeline owns.</summary>
internal sealed record PipelineSection(string Path, Type Options);
