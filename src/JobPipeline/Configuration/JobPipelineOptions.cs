using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace JobPipeline.Configuration;

/// <summary>Settings of the pipeline: configuration section <c>JobPipeline</c>. Durations are written as <c>[d.]hh:mm:ss</c>.</summary>
public sealed class JobPipelineOptions
{
    public const string Section = "JobPipeline";

    /// <summary>How long a claim lasts without a heartbeat; renewed at a third. Default 60 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:03", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The death of a worker that ends the job it ran as a dead letter. Default 3.</summary>
    [Range(1, 20)]
    public int MaxDeaths { get; set; } = 3;

    /// <summary>
    /// Gets or sets for how long a job waits for an instance that has a handler for its type. After that it becomes a dead letter.
    /// Time in which no instance runs does not count. The default is 15 minutes; zero means at once, unless a running instance
    /// has a handler.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "6.00:00:00")]
    public TimeSpan UnknownTypeGrace { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long ended jobs are kept. Default 30 days.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long ended workflow instances are kept. Default: as long as jobs; may not be shorter than <see cref="Retention"/>.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan? WorkflowRetention { get; set; }

    /// <summary>How long a unique key is held after its job became due. Default 1 day; must be shorter than <see cref="Retention"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan KeyLifetime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How long running handlers may go on when the host stops. Default 25 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan ShutdownGrace { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>How long a handler that was told to stop may take before it is abandoned. Default 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan AbandonAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many jobs of one packed message run at a time. Default 50: their claims fill one transaction.</summary>
    [Range(1, 100)]
    public int PackConcurrency { get; set; } = 50;

    /// <summary>The circuits that job types name, by their names; one that is not set here has the defaults.</summary>
    public Dictionary<string, CircuitOptions> Circuits { get; set; } = new(StringComparer.Ordinal);

    /// <summary>
    /// The release that this instance runs; error groups remember it. Default: the informational version of the entry
    /// assembly, without the commit behind it.
    /// </summary>
    [StringLength(100, MinimumLength = 1)]
    public string Release { get; set; } = ReleaseOfThisProcess();

    /// <summary>Overrides per job type, by its name.</summary>
    public Dictionary<string, JobTypeOptions> Jobs { get; set; } = new(StringComparer.Ordinal);

    private static string ReleaseOfThisProcess()
    {
        var version = Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
        return string.IsNullOrEmpty(version) ? "unknown" : version[..Math.Min(version.Length, 100)];
    }
}
