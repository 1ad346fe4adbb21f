namespace JobPipeline.Jobs.Wire;

/// <summary>
/// The name of something kept outside the rows. It derives from the job id alone, so a forged message can't point at another job's data.
/// </summary>
public readonly record struct PayloadName
{
    private PayloadName(string path) => Path = path;

    /// <summary>Day of the job's id, then the id: retention removes whole days.</summary>
    public string Path { get; }

    public static PayloadName Payload(JobId id) => Of(id, "payload.json");

    public static PayloadName Result(JobId id) => Of(id, "result.json");

    public static PayloadName Error(JobId id, int attempt) => Of(id, $"error-{attempt}.txt");

    private static PayloadName Of(JobId id, string file) => new($"{id.Timestamp:yyyyMMdd}/{id}/{file}");

    public override string ToString() => Path;
}
