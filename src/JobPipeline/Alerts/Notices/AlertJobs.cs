namespace JobPipeline.Alerts.Notices;

/// <summary>The types of the jobs that send notifications.</summary>
public static class AlertJobs
{
    public const string Webhook = "alert.webhook";

    public const string Email = "alert.email";
}
