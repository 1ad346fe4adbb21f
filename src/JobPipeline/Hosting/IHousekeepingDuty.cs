namespace JobPipeline.Hosting;

/// <summary>
/// Something that has to be done for the whole pipeline now and then: taking over what a dead instance left, removing what
/// is past its retention. Every host runs all registered duties each 20 seconds or so; several instances may do it at once
/// and any of them may die in the middle, so a duty is resumable, and short enough to end well within a minute.
/// </summary>
public interface IHousekeepingDuty
{
    /// <summary>What the log calls it, such as <c>retention</c>.</summary>
    string Name { get; }

    /// <summary>Does what is due now.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}
