using JobPipeline.Execution.Verdicts;
using JobPipeline.Jobs;

namespace JobPipeline.Workflows.Instances;

/// <summary>An expression that can't be evaluated fails in the same way at every try.</summary>
internal sealed class ExpressionOutageRule : IOutageRule
{
    public bool? IsOutage(Exception error) => error is WorkflowExpressionException ? false : null;
}
