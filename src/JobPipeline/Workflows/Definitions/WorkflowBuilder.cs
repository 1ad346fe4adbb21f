namespace JobPipeline.Workflows.Definitions;

/// <summary>
/// Builds a definition in C#. The result is the same as that of a definition in JSON. The strings in payloads and inputs may
/// contain expressions: <c>new { to = "${{ input.email }}" }</c>. Use <see cref="WorkflowValidator"/> to validate the definition.
/// </summary>
/// <param name="name">The name of the workflow.</param>
/// <param name="version">The version of the definition, from 1.</param>
public sealed class WorkflowBuilder(string name, int version = 1)
{
    private readonly List<WorkflowStep> _steps = [];
    private string? _description;
    private string? _output;

    /// <inheritdoc cref="WorkflowDefinition.Description"/>
    public WorkflowBuilder Describe(string description)
    {
        _description = description;
        return this;
    }

    /// <inheritdoc cref="WorkflowDefinition.Output"/>
    public WorkflowBuilder Return(string output)
    {
        _output = output;
        return this;
    }

    /// <inheritdoc cref="JobAction"/>
    public WorkflowBuilder Job(string id, string type, object? payload = null, Action<StepBuilder>? step = null) =>
        Add(id, new JobAction(type, StepBuilder.ToTemplate(payload)), step);

    /// <inheritdoc cref="ChildAction"/>
    public WorkflowBuilder Child(string id, string workflow, object? input = null, Action<StepBuilder>? step = null) =>
        Add(id, new ChildAction(workflow, StepBuilder.ToTemplate(input)), step);

    /// <summary>Adds a step that runs a job for each item of a list.</summary>
    public WorkflowBuilder ForEach(
        string id,
        string items,
        string type,
        object? payload = null,
        int maxParallel = WorkflowDefinition.DefaultParallel,
        Action<StepBuilder>? step = null) =>
        Add(id, new ForEachAction(items, new JobAction(type, StepBuilder.ToTemplate(payload)), maxParallel), step);

    /// <summary>Adds a step that runs a child workflow for each item of a list.</summary>
    public WorkflowBuilder ForEachChild(
        string id,
        string items,
        string workflow,
        object? input = null,
        int maxParallel = WorkflowDefinition.DefaultParallel,
        Action<StepBuilder>? step = null) =>
        Add(id, new ForEachAction(items, new ChildAction(workflow, StepBuilder.ToTemplate(input)), maxParallel), step);

    /// <inheritdoc cref="WaitAction"/>
    public WorkflowBuilder WaitFor(
        string id, string eventName, TimeoutRule onTimeout = TimeoutRule.Fail, Action<StepBuilder>? step = null) =>
        Add(id, new WaitAction(eventName, onTimeout), step);

    /// <inheritdoc cref="DelayAction"/>
    public WorkflowBuilder Delay(string id, TimeSpan duration, Action<StepBuilder>? step = null) =>
        Add(id, new DelayAction(duration), step);

    public WorkflowDefinition Build() => new(name, version, [.. _steps]) { Description = _description, Output = _output };

    private WorkflowBuilder Add(string id, StepAction action, Action<StepBuilder>? configure)
    {
        var step = new StepBuilder(new WorkflowStep(id, action));
        configure?.Invoke(step);
        _steps.Add(step.Step);
        return this;
    }
}
