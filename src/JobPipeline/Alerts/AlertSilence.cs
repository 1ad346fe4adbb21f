namespace JobPipeline.Alerts;

/// <summary>No notices of a rule until a moment. What fires then is told when it has passed.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="Since">When it was silenced.</param>
/// <param name="Until">Until when.</param>
/// <param name="By">Who did it.</param>
/// <param name="Reason">Why, in that person's words.</param>
public sealed record AlertSilence(string Rule, DateTimeOffset Since, DateTimeOffset Until, string By, string Reason)
{
    /// <summary>Longest silence: what is to be quiet for longer is to be disabled.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>Longest reason, in characters.</summary>
    public const int MaxReasonLength = 500;
}
