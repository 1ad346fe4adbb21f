using System.Text.Json;
using System.Text.Json.Serialization;

namespace JobPipeline.Jobs.Wire;

/// <summary>
/// What a message says that a gate sent: the queue that the job belongs to, and where capacity is reserved for it. Senders can forge it,
/// so the rows of the gates decide.
/// </summary>
/// <param name="Queue">The priority queue of the job.</param>
/// <param name="Gates">The gates; at most <see cref="JobLimits.MaxLimitsOfAJob"/>.</param>
internal sealed record ReadyMark(string Queue, IReadOnlyList<ReadyGate> Gates)
{
    /// <summary>Whether the job is to run now whatever the gates say; its record decides. Absent for false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Now { get; init; }

    /// <exception cref="MessageFormatException">It is not one that the pipeline wrote.</exception>
    public static ReadyMark Read(ref Utf8JsonReader reader)
    {
        try
        {
            var mark = JsonSerializer.Deserialize<ReadyMark>(ref reader, JobJson.Options) ?? throw new JsonException("null");
            return PriorityQueues.Exists(mark.Queue) && mark.Gates is { Count: <= JobLimits.MaxLimitsOfAJob }
                && (mark.Now || mark.Gates.Count > 0)
                && mark.Gates.All(gate => gate is { Limit.Length: > 0 and <= MaxName, Key.Length: <= JobLimits.MaxTenantLength })
                ? mark
                : throw new JsonException("it does not name gates");
        }
        catch (JsonException e)
        {
            throw new MessageFormatException($"the member 'ready' is reserved for the pipeline: {e.Message}", e);
        }
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WritePropertyName("ready"u8);
        JsonSerializer.Serialize(writer, this, JobJson.Options);
    }

    /// <summary>The maximum length of a limit's name: that of a type with the prefix of its own limit.</summary>
    private const int MaxName = JobLimits.MaxTypeLength + 8;
}

/// <summary>A gate: a limit for one key.</summary>
internal sealed record ReadyGate(string Limit, string Key);
