using JobPipeline.Http.Alerts;

namespace JobPipeline.Http.OpenApi;

/// <summary>The rows of the table for alerts.</summary>
internal static class AlertOperations
{
    private static readonly ApiAnswer NotFound = new(404, "No such alert rule.");
    private static readonly ApiParameter Rule = new("rule", typeof(string), "The alert rule's name.");

    public static IReadOnlyList<ApiOperation> All { get; } =
    [
        new("listAlerts", "GET", ApiRoutes.ListAlerts, "Lists the alert rules as they are in force, and where each stands.")
        {
            Description = "Where 'evaluatedBy' is not pipeline, the states are unknown here and silences have no effect.",
            Answers = [new(200, "The rules.", typeof(AlertListView))],
        },
        new("silenceAlert", "POST", ApiRoutes.SilenceAlert, "Sends no notices of the rule for some time; what fires then is told when it has passed.")
        {
            Parameters = [Rule],
            Body = new ApiBody(typeof(SilenceRequest)) { IsRequired = true },
            Answers = [new(200, "Silenced.", typeof(AlertRuleView)), ApiOperations.BadRequest, NotFound, ApiOperations.TooLarge, ApiOperations.NotJson],
        },
        new("unsilenceAlert", "POST", ApiRoutes.UnsilenceAlert, "Ends the silence of the rule.")
        {
            Parameters = [Rule],
            Answers = [new(200, "Not silenced.", typeof(AlertRuleView)), NotFound],
        },
        new("testAlerts", "POST", ApiRoutes.TestAlerts, "Sends every receiver a notice that tells of nothing.")
        {
            Answers = [new(202, "The jobs that carry it.", typeof(AlertTestView)), new(409, "There is no receiver.")],
        },
    ];
}
