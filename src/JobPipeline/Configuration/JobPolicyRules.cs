using JobPipeline.Jobs;

namespace JobPipeline.Configuration;

/// <summary>The validation of job policies, wherever they were set: the bounds of each, and how they fit together.</summary>
internal static class JobPolicyRules
{
    private static readonly ByteSize LeastMemory = new(1_000_000), MostMemory = new(1_000_000_000_000);

    /// <param name="path">What stands before the policy's name in an error.</param>
    /// <param name="policies">The policies that were set there.</param>
    /// <param name="inForce">The same with what they override; null when this process does not run the type.</param>
    /// <param name="types">The job types of this process.</param>
    public static IEnumerable<string> Errors(
        string path, JobTypeOptions policies, JobTypeOptions? inForce, IReadOnlyCollection<string> types)
    {
        foreach (var error in OptionAnnotations.Errors(path, policies))
            yield return error;
        if (policies.BackoffDelays?.Any(delay => delay < TimeSpan.Zero || delay > RetrySchedule.MaxDelay) == true)
            yield return $"{path}:BackoffDelays must be between zero and {RetrySchedule.MaxDelay:c}";
        if (policies.Queue is { } queue && !PriorityQueues.Exists(queue))
            yield return $"{path}:Queue is '{queue}', which is not a queue{NearestName.Hint(queue, PriorityQueues.All)}";
        if (policies.Memory is { } memory && !IsMemory(memory))
            yield return $"{path}:Memory is {SettingForm.Shown(memory)}; it must be {ByteSize.Form}, from {LeastMemory} to {MostMemory}";
        // The process that runs the type knows what its policies may name.
        if (inForce is null)
            yield break;
        if (policies.Backoff == BackoffKind.Listed && inForce.BackoffDelays is null)
            yield return $"{path}:Backoff is Listed, but BackoffDelays is missing";
        if (policies.OnDeadLetter is { } callback && !types.Contains(callback, StringComparer.Ordinal))
            yield return $"{path}:OnDeadLetter is '{callback}', which is not a job type{NearestName.Hint(callback, types)}";
    }

    private static bool IsMemory(string text) =>
        ByteSize.TryParse(text, out var size) && size.Bytes >= LeastMemory.Bytes && size.Bytes <= MostMemory.Bytes;
}
