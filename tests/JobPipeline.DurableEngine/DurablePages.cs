using System.Globalization;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace JobPipeline.DurableEngine;

/// <summary>The pages of a query for instances.</summary>
internal sealed class DurablePages(OrchestrationDouble engine, OrchestrationQuery query) : AsyncPageable<OrchestrationMetadata>
{
    public static OrchestrationMetadata Describe(DurableInstance instance, bool withValues) => new(instance.Name, instance.Id)
    {
        RuntimeStatus = instance.Status,
        CreatedAt = instance.CreatedAt,
        LastUpdatedAt = instance.UpdatedAt,
        SerializedInput = withValues ? instance.Input : null,
        SerializedOutput = withValues ? instance.Output : null,
        SerializedCustomStatus = withValues ? instance.CustomStatus : null,
        FailureDetails = instance.Failure,
    };

    public override async IAsyncEnumerable<Page<OrchestrationMetadata>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
    {
        var matching = engine.Instances.Where(IsAskedFor).OrderBy(instance => instance.Id, StringComparer.Ordinal).ToList();
        var size = pageSizeHint ?? query.PageSize;
        var from = (continuationToken ?? query.ContinuationToken) is { } token ? int.Parse(token, CultureInfo.InvariantCulture) : 0;
        do
        {
            var page = matching.Skip(from).Take(size).Select(instance => Describe(instance, query.FetchInputsAndOutputs)).ToList();
            from += page.Count;
            yield return new Page<OrchestrationMetadata>(page, from < matching.Count ? from.ToString(CultureInfo.InvariantCulture) : null);
        }
        while (from < matching.Count);
        await Task.CompletedTask;
    }

    private bool IsAskedFor(DurableInstance instance) =>
        (query.Statuses is null || query.Statuses.Contains(instance.Status))
        && (query.CreatedFrom is null || instance.CreatedAt >= query.CreatedFrom)
        && (query.CreatedTo is null || instance.CreatedAt < query.CreatedTo)
        && instance.Id.StartsWith(query.InstanceIdPrefix ?? "", StringComparison.Ordinal);
}
