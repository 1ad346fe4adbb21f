using System.Collections;
using JobPipeline.Jobs;

namespace JobPipeline.Execution;

/// <summary>The log scope of a run: structured, and formatted only when a provider prints it.</summary>
internal sealed class JobLogScope(JobId id, string type, int attempt, string? correlationId) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => 4;

    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new("JobId", id),
        1 => new("JobType", type),
        2 => new("Attempt", attempt),
        3 => new("CorrelationId", correlationId),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"job {id} ({type}) attempt {attempt}";
}
