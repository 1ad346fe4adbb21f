namespace JobPipeline.Alerts;

/// <summary>
/// A silence: no notifications of a rule are sent until it ends. An alert that fires meanwhile, and still fires then, is notified
/// then.
/// </summary>
/// <param name="Rule">The name of the rule.</param>
/// <param name="Since">When the rule was silenced.</param>
/// <param name="Until">When the silence ends.</param>
/// <param name="By">Who silenced it.</param>
/// <param name="Reason">The reason given.</param>
internal sealed record AlertSilence(string Rule, DateTimeOffset Since, DateTimeOffset Until, string By, string Reason)
{
    /// <summary>The maximum duration; to silence a rule for longer, disable it.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>The maximum length of the reason, in characters.</summary>
    public const int MaxReasonLength = 500;
}
