using JobPipeline.Configuration;
using JobPipeline.Hosting;
using JobPipeline.Tests.Rig;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JobPipeline.Tests.Hosting;

/// <summary>Tests that every invalid setting fails the start with one line that names the setting by its full path.</summary>
public sealed class ConfigurationTests
{
    [Theory]
    [InlineData("JobPipeline:Leese", "00:01:00", "JobPipeline:Leese is not a setting; did you mean 'Lease'?")]
    [InlineData("JobPipeline:MaxDeath", "3", "JobPipeline:MaxDeath is not a setting; did you mean 'MaxDeaths'?")]
    [InlineData("JobPipeline:Sidecars:Rotations", "1", "JobPipeline:Sidecars:Rotations is not a setting; did you mean 'Rotation'?")]
    [InlineData("JobPipeline:Jobs:mail.sent:MaxAttempts", "3", "JobPipeline:Jobs:mail.sent is not a job type; did you mean 'mail.send'?")]
    [InlineData(
        "JobPipeline:Jobs:mail.send:MaxAttempt",
        "3",
        "JobPipeline:Jobs:mail.send:MaxAttempt is not a setting; did you mean 'MaxAttempts'?")]
    [InlineData(
        "JobPipeline:Jobs:mail.send:Queue",
        "job-high",
        "JobPipeline:Jobs:mail.send:Queue is 'job-high', which is not a queue; did you mean 'jobs-high'?")]
    [InlineData(
        "JobPipeline:Jobs:mail.send:MaxAttempts",
        "0",
        "JobPipeline:Jobs:mail.send:MaxAttempts: The field MaxAttempts must be between 1 and 100. It is '0'.")]
    [InlineData(
        "JobPipeline:Jobs:mail.send:Timeout",
        "2.00:00:00",
        "JobPipeline:Jobs:mail.send:Timeout: The field Timeout must be between")]
    [InlineData(
        "JobPipeline:Jobs:mail.send:Timeout",
        "soon",
        "JobPipeline:Jobs:mail.send:Timeout is 'soon'; it must be a duration such as 00:10:00")]
    [InlineData(
        "JobPipeline:Jobs:mail.send:MaxAttempts",
        "99999999999",
        "JobPipeline:Jobs:mail.send:MaxAttempts is '99999999999'; it must be a whole number from 1 to 100")]
    [InlineData(
        "JobPipeline:Jobs:mail.send:MaxAttempts",
        "many",
        "JobPipeline:Jobs:mail.send:MaxAttempts is 'many'; it must be a whole number from 1 to 100")]
    [InlineData("JobPipeline:Jobs:mail.send:Backoff", "Linaer", "JobPipeline:Jobs:mail.send:Backoff is 'Linaer'; it must be one of ")]
    [InlineData("JobPipeline:Jobs:mail.send:Backoff", "77", "JobPipeline:Jobs:mail.send:Backoff is '77'; it must be one of ")]
    [InlineData("JobPipeline:Jobs:mail.send:BackoffDelays:1", "a while",
        "JobPipeline:Jobs:mail.send:BackoffDelays:1 is 'a while'; it must be a duration")]
    [InlineData("JobPipeline:MaxDeaths", "three", "JobPipeline:MaxDeaths is 'three'; it must be a whole number from 1 to 20")]
    [InlineData("JobPipeline:MaxDeaths", "", "JobPipeline:MaxDeaths is blank; it must be a whole number from 1 to 20")]
    [InlineData("JobPipeline:MaxDeaths", "3.5", "JobPipeline:MaxDeaths is '3.5'; it must be a whole number from 1 to 20")]
    [InlineData("JobPipeline:Lease", "a\nminute", "JobPipeline:Lease is 'a minute'; it must be a duration such as 00:10:00")]
    [InlineData("JobPipeline:Alerts:Enabled", "yes", "JobPipeline:Alerts:Enabled is 'yes'; it must be true or false")]
    [InlineData("JobPipeline:Chaos:FaultRate", "often", "JobPipeline:Chaos:FaultRate is 'often'; it must be a number from 0 to 1")]
    [InlineData(
        "JobPipeline:Sidecars:Rotation", "round", "JobPipeline:Sidecars:Rotation is 'round'; it must be a whole number from 1 to 10")]
    [InlineData("JobPipeline:Circuits", "open", "JobPipeline:Circuits is 'open'; it must be a section")]
    [InlineData("JobPipeline:Htpp:Url", "http://127.0.0.1:1", "JobPipeline:Htpp is not a setting; did you mean 'Http'?")]
    [InlineData("JobPipeline:Alerts:Recievers:Emails", "x", "JobPipeline:Alerts:Recievers is not a setting; did you mean 'Receivers'?")]
    [InlineData("JobPipeline:Jobs:csv.imprt:MaxAttempts", "3", "JobPipeline:Jobs:csv.imprt is not a job type; did you mean 'csv.import'?")]
    [InlineData(
        "JobPipeline:Jobs:mail.send:OnDeadLetter",
        "mail.purse",
        "JobPipeline:Jobs:mail.send:OnDeadLetter is 'mail.purse', which is not a job type; did you mean 'mail.purge'?")]
    [InlineData(
        "JobPipeline:Jobs:mail.send:Backoff",
        "Listed",
        "JobPipeline:Jobs:mail.send:Backoff is Listed, but BackoffDelays is missing")]
    [InlineData(
        "JobPipeline:Jobs:mail.send:BackoffDelays:0",
        "7.00:00:00",
        "JobPipeline:Jobs:mail.send:BackoffDelays must be between zero and 6.00:00:00")]
    [InlineData("JobPipeline:Circuits:smpt:MinimumThroughput", "5", "JobPipeline:Circuits:smpt is not a circuit that a job type uses")]
    [InlineData("JobPipeline:Lease", "00:00:01",
        "JobPipeline:Lease: The field Lease must be between 00:00:03 and 00:10:00. It is '00:00:01'.")]
    [InlineData("JobPipeline:MaxDeaths", "0", "JobPipeline:MaxDeaths: The field MaxDeaths must be between 1 and 20.")]
    [InlineData("JobPipeline:PackConcurrency", "101", "JobPipeline:PackConcurrency: ")]
    [InlineData(
        "JobPipeline:KeyLifetime",
        "30.00:00:00",
        "JobPipeline:KeyLifetime (30.00:00:00) must be shorter than JobPipeline:Retention (30.00:00:00)")]
    [InlineData(
        "JobPipeline:Pauses:RetryDelays",
        "00:00:05",
        "JobPipeline:Pauses:RetryDelays is not a setting; did you mean 'RetryDelay'?")]
    [InlineData(
        "JobPipeline:Pauses:RefreshInterval",
        "00:02:00",
        "JobPipeline:Pauses:RefreshInterval: The field RefreshInterval must be between")]
    [InlineData(
        "JobPipeline:Instances:MissedBeats",
        "1",
        "JobPipeline:Instances:MissedBeats: The field MissedBeats must be between 2 and 100.")]
    [InlineData(
        "JobPipeline:Housekeeping:RetentionInterval",
        "00:00:01",
        "JobPipeline:Housekeeping:RetentionInterval: The field RetentionInterval must be between")]
    [InlineData("JobPipeline:Retention", "30", "JobPipeline:Retention is '30'; it must be a duration such as 00:10:00")]
    [InlineData("JobPipeline:Lease", "a minute", "JobPipeline:Lease is 'a minute'; it must be a duration such as 00:10:00")]
    [InlineData("JobPipeline:KeyLifetime", "24:00", "JobPipeline:KeyLifetime is '24:00'; it must be")]
    [InlineData("JobPipeline:KeyLifetime", "24:00:00", "JobPipeline:KeyLifetime is '24:00:00'; it must be")]
    [InlineData("JobPipeline:Lease", "", "JobPipeline:Lease is blank; it must be")]
    [InlineData("JobPipeline:Lease", " 00:00:30", "JobPipeline:Lease is ' 00:00:30'; it must be")]
    [InlineData("JobPipeline:WorkflowRetention", "99999999.00:00:00", "JobPipeline:WorkflowRetention is '99999999.00:00:00'; it must be")]
    [InlineData("JobPipeline:Jobs:mail.send:Timeout", "5", "JobPipeline:Jobs:mail.send:Timeout is '5'; it must be")]
    [InlineData("JobPipeline:Jobs:mail.send:BackoffDelays:1", "10", "JobPipeline:Jobs:mail.send:BackoffDelays:1 is '10'; it must be")]
    [InlineData("JobPipeline:Alerts:Rules:failure-rate:Window", "10", "JobPipeline:Alerts:Rules:failure-rate:Window is '10'; it must be")]
    [InlineData("JobPipeline:Housekeeping:RetentionInterval", "P1M", "JobPipeline:Housekeeping:RetentionInterval is 'P1M'; it must be")]
    [InlineData("JobPipeline:Sidecars:Rotation", "11", "JobPipeline:Sidecars:Rotation: The field Rotation must be between 1 and 10.")]
    public void Start_WithAnInvalidSetting_ThrowsNamingItAndTheNearestValidOne(string path, string value, string expected)
    {
        var failure = Assert.Single(Assert.Throws<OptionsValidationException>(() => Start((path, value))).Failures);
        Assert.StartsWith(expected, failure, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure);
    }

    [Fact]
    public void Start_WithInvalidSettingsOfEveryKind_NamesThemAllAtOnce()
    {
        var error = Assert.Throws<OptionsValidationException>(() => Start(
            ("JobPipeline:Lease", "soon"), ("JobPipeline:MaxDeaths", "three"), ("JobPipeline:PackConcurrency", "101"),
                ("JobPipeline:Leese", "1"), ("JobPipeline:Jobs:mail.send:MaxAttempts", "many")));

        Assert.Equal(
            ["JobPipeline:Jobs:mail.send:MaxAttempts", "JobPipeline:Lease", "JobPipeline:Leese", "JobPipeline:MaxDeaths",
                "JobPipeline:PackConcurrency:"],
            error.Failures.Select(failure => failure.Split(' ')[0]).Order(StringComparer.Ordinal));
    }

    /// <summary>Producers and hosts share one environment, so settings of other parts are valid.</summary>
    [Theory]
    [InlineData("JobPipeline:Http:Url", "http://127.0.0.1:7071")]
    [InlineData("JobPipeline:Listener:MaxConcurrency", "8")]
    [InlineData("jobpipeline:storage:accountname", "orders")]
    [InlineData("JobPipeline:BuiltIn:Outbound:Connections:crm:BaseUrl", "https://crm.test")]
    [InlineData("JobPipeline:Alerts:Receivers:Emails:ops:To", "ops@example.com")]
    [InlineData("JobPipeline:Telemetry:SamplingRatio", "0.5")]
    [InlineData("JobPipeline:Api:PublicUrl", "https://jobs.test")]
    [InlineData("JobPipeline:Jobs:csv.import:MaxAttempts", "9")]
    public void Start_WithASettingOfAnotherPartOfTheProduct_Succeeds(string path, string value) => Start((path, value));

    [Fact]
    public void Start_WithIsoDurations_AppliesThem()
    {
        using var pipeline = Services(
            ("JobPipeline:Lease", "PT30S"),
            ("JobPipeline:Retention", "P60D"),
            ("JobPipeline:Jobs:mail.send:Timeout", "PT2M"),
            ("JobPipeline:Jobs:mail.send:MaxAttempts", "9"),
            ("JobPipeline:Jobs:mail.send:BackoffDelays:0", "PT1S"),
            ("JobPipeline:Jobs:mail.send:BackoffDelays:1", "1.00:00:00"));

        pipeline.GetRequiredService<IStartupValidator>().Validate();

        var options = pipeline.GetRequiredService<IOptions<JobPipelineOptions>>().Value;
        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromDays(60)), (options.Lease, options.Retention));
        var job = options.Jobs[ScriptedJob.Type];
        Assert.Equal((TimeSpan.FromMinutes(2), 9), (job.Timeout, job.MaxAttempts));
        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)], job.BackoffDelays!);
    }

    /// <summary>Covers every duration of every options type of the core, because the binder reads a bare number as days.</summary>
    [Fact]
    public void Bind_BareNumberForAnyDuration_Throws()
    {
        using var pipeline = Services();
        var durations = pipeline
            .GetServices<PipelineSection>()
            .SelectMany(section =>
                section
                    .Options.GetProperties()
                    .Where(p => p.CanWrite && (Nullable.GetUnderlyingType(p.PropertyType) ?? p.PropertyType) == typeof(TimeSpan))
                    .Select(property => $"{section.Path}:{property.Name}"))
            .ToList();

        Assert.True(durations.Count > 12, $"only {durations.Count}");
        Assert.All(durations, path =>
            Assert.StartsWith(
                $"{path} is '3'; it must be",
                Assert.Single(Assert.Throws<OptionsValidationException>(() => Start((path, "3"))).Failures),
                StringComparison.Ordinal));
    }

    [Fact]
    public void Start_WithSeveralUnknownSettings_NamesThemAll()
    {
        var error = Assert.Throws<OptionsValidationException>(() =>
            Start(("JobPipeline:Leese", "1"), ("JobPipeline:Jobs:mail.sent:Queue", "jobs"), ("JobPipeline:Jobs:mail.count:Queue", "x")));
        Assert.Equal(3, error.Failures.Count());
    }

    [Fact]
    public void Start_WithoutSettings_Succeeds() => Start();

    [Fact]
    public void Start_WithValidSettings_AppliesThem()
    {
        Start(
            ("jobpipeline:lease", "00:00:30"),
            ("JobPipeline:Jobs:mail.send:Queue", "jobs-low"),
            ("JobPipeline:Sidecars:Rotation", "2"),
            ("Elsewhere:Leese", "1"));
        using var pipeline = Services(("JobPipeline:Jobs:mail.send:MaxAttempts", "9"), ("JobPipeline:Lease", "00:00:30"));
        Assert.Equal(9, pipeline.GetRequiredService<JobPipeline.Handlers.JobRegistry>().Get(ScriptedJob.Type).MaxAttempts);
        Assert.Equal(TimeSpan.FromSeconds(30), pipeline.GetRequiredService<IOptions<JobPipelineOptions>>().Value.Lease);
    }

    /// <summary>Validates the options, as a generic host does before it starts a service.</summary>
    private static void Start(params (string, string)[] settings)
    {
        using var services = Services(settings);
        services.GetRequiredService<IStartupValidator>().Validate();
    }

    private static ServiceProvider Services(params (string, string)[] settings)
    {
        var configuration = TestPipeline.Settings(settings);
        return new ServiceCollection()
            .AddJobPipeline(configuration, [typeof(ScriptedJob), typeof(OtherJob), typeof(QuickJob)])
            .AddPipelineOptions<SidecarOptions>(configuration, "JobPipeline:Sidecars")
            .BuildServiceProvider();
    }

    /// <summary>The options of a section that another part of the pipeline owns.</summary>
    private sealed class SidecarOptions
    {
        [System.ComponentModel.DataAnnotations.Range(1, 10)]
        public int Rotation { get; set; } = 1;
    }

    [Fact]
    public void Setting_OfABuiltInJob_IsKnown()
    {
        var settings = TestPipeline.Settings(("JobPipeline:Jobs:dead-letters.replay:MaxAttempts", "7"));
        using var services = new ServiceCollection()
            .AddJobPipeline(settings, typeof(JobPipeline.Testing.VirtualTimeProvider).Assembly)
            .BuildServiceProvider();

        services.GetRequiredService<IStartupValidator>().Validate();

        Assert.Equal(7, services.GetRequiredService<JobPipeline.Handlers.JobRegistry>().Get("dead-letters.replay").MaxAttempts);
    }
}
