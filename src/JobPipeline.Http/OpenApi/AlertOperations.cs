using JobPipeline.Http.Alerts;

namespace JobPipeline.Http.OpenApi;

/// <summary>The operations for alerts.</summary>
internal static class AlertOperations
{
    private static readonly ApiAnswer NotFound = new(404, "Unknown alert rule.");
    private static readonly ApiParameter Rule = new("rule", typeof(string), "The name of the alert rule.");

    public static IReadOnlyList<ApiOperation> All { get; } =
    [
        new("listAlerts", "GET", ApiRoutes.ListAlerts, "Lists the alert rules in force with their states.")
        {
            Description = "Unless 'evaluatedBy' is 'pipeline', the states are unknown and silences have no effect.",
            Answers = [new(200, "The rules.", typeof(AlertListView))],
        },
        new(
            "silenceAlert",
            "POST",
            ApiRoutes.SilenceAlert,
            "Suppresses notifications of the rule for some time. Alerts still firing then are notified.")
        {
            Parameters = [Rule],
            Body = new ApiBody(typeof(SilenceRequest)) { IsRequired = true },
            Answers =
            [
                new(200, "Silenced.", typeof(AlertRuleView)),
                ApiOperations.BadRequest,
                NotFound,
                ApiOperations.TooLarge,
                ApiOperations.NotJson,
            ],
        },
        new("unsilenceAlert", "POST", ApiRoutes.UnsilenceAlert, "Ends the silence of the rule.")
        {
            Parameters = [Rule],
            Answers = [new(200, "No longer silenced.", typeof(AlertRuleView)), NotFound],
        },
        new("testAlerts", "POST", ApiRoutes.TestAlerts, "Sends a test notification to every receiver.")
        {
            Answers = [new(202, "The jobs that send it.", typeof(AlertTestView)), new(409, "No receiver is configured.")],
        },
    ];
}
