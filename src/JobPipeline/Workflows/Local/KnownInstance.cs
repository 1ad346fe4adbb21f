using JobPipeline.Workflows.Instances;

namespace JobPipeline.Workflows.Local;

/// <summary>
/// What this process knows of a workflow instance that it wrote last. Another process may have written it since: a save with this
/// version then fails. Nothing may be refused or answered by it.
/// </summary>
/// <param name="Instance">The workflow instance as it was stored.</param>
/// <param name="Sent">The saves in its outbox whose effects were sent.</param>
internal sealed record KnownInstance(WorkflowInstance Instance, IReadOnlySet<string> Sent)
{
    /// <summary>Whether the stored outbox has effects that were sent.</summary>
    public bool HasSentEffects => Sent.Count > 0;
}
