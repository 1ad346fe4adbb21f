using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace JobPipeline.Configuration;

/// <summary>Settings of the pipeline: configuration section <c>JobPipeline</c>. Durations are written as <c>[d.]hh:mm:ss</c>.</summary>
public sealed class JobPipelineOptions
{
    public const string Section = "JobPipeline";

    /// <summary>The lease of a claim; renewed after a third of it. The default is 60 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:03", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The number of worker crashes after which a job becomes a dead letter. The default is 3.</summary>
    [Range(1, 20)]
    public int MaxDeaths { get; set; } = 3;

    /// <summary>
    /// How long a job waits for an instance that has a handler for its type before it becomes a dead letter. Time in which no
    /// instance runs does not count. The default is 15 minutes; zero means immediately, unless a running instance has a handler.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "6.00:00:00")]
    public TimeSpan UnknownTypeGrace { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long ended jobs are kept. The default is 30 days.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long ended workflow instances are kept. The default is <see cref="Retention"/>; must not be shorter.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan? WorkflowRetention { get; set; }

    /// <summary>
    /// How long a unique key is held after its job became due. The default is 1 day; must be shorter than
    /// <see cref="Retention"/>.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan KeyLifetime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How long running handlers may continue when the host stops. The default is 25 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan ShutdownGrace { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>
    /// How long a handler may take to stop after its token is cancelled before it is abandoned. The default is 5 seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan AbandonAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The number of jobs of one packed message that run concurrently. The default is 50, because their claims fill one
    /// transaction.
    /// </summary>
    [Range(1, 100)]
    public int PackConcurrency { get; set; } = 50;

    /// <summary>Settings of the circuits, by name. A circuit without settings here uses the defaults.</summary>
    public Dictionary<string, CircuitOptions> Circuits { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Limits, by name. Job types name those that their jobs pass.</summary>
    public Dictionary<string, LimitOptions> Limits { get; set; } = new(StringComparer.Ordinal);

    /// <summary>
    /// The release that this instance runs; recorded on error groups. The default is the informational version of the entry
    /// assembly, without the commit suffix.
    /// </summary>
    [StringLength(100, MinimumLength = 1)]
    public string Release { get; set; } = ReleaseOfThisProcess();

    /// <summary>Overrides of job type settings, by type name.</summary>
    public Dictionary<string, JobTypeOptions> Jobs { get; set; } = new(StringComparer.Ordinal);

    private static string ReleaseOfThisProcess()
    {
        var version = Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split('+')[0];
        return string.IsNullOrEmpty(version) ? "unknown" : version[..Math.Min(version.Length, 100)];
    }
}
