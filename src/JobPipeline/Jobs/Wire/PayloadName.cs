namespace JobPipeline.Jobs.Wire;

/// <summary>
/// The name of a blob that belongs to a job. It derives only from the job id, so a forged message can't refer to another job's
/// data.
/// </summary>
public readonly record struct PayloadName
{
    private PayloadName(string path) => Path = path;

    /// <summary>The blob path: the day of the job's id, then the id, so that retention can delete whole days.</summary>
    public string Path { get; }

    public static PayloadName Payload(JobId id) => Of(id, "payload.json");

    public static PayloadName Result(JobId id) => Of(id, "result.json");

    public static PayloadName Error(JobId id, int attempt) => Of(id, $"error-{attempt}.txt");

    private static PayloadName Of(JobId id, string file) => new($"{id.Timestamp:yyyyMMdd}/{id}/{file}");

    public override string ToString() => Path;
}
