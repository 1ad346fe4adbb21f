using JobPipeline.Http.Workflows;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Http.OpenApi;

/// <summary>The rows of the table for workflows.</summary>
internal static class WorkflowOperations
{
    private static readonly ApiAnswer BadRequest = new(400, "The request is not valid; 'errors' tells everything that is wrong.");
    private static readonly ApiAnswer NotFound = new(404, "No such instance.");
    private static readonly ApiAnswer Ended = new(410, "It has ended.");
    private static readonly ApiAnswer Runs = new(409, "It has not ended yet.");
    private static readonly ApiAnswer TooLarge = new(413, "The body is too large.");
    private static readonly ApiAnswer NotJson = new(415, "The body is not JSON.");
    private static readonly ApiAnswer Asked = new(202, "Asked for; it takes effect a moment later.");
    private static readonly ApiAnswer Raised = new(202, "Raised: a step takes it, or it is kept for one.", typeof(RaisedView));
    private static readonly ApiAnswer Started = new(202, "Started, or a duplicate of the instance of that id; where it is watched and managed.", typeof(ManagementView));
    private static readonly ApiParameter Instance = new("instance", typeof(string), "The instance's id.");
    private static readonly ApiParameter Reason = new("reason", typeof(string), "Why, for people.");

    public static IReadOnlyList<ApiOperation> All { get; } =
    [
        new("startWorkflow", "POST", ApiRoutes.StartWorkflow, "Starts a workflow; the body is its input.")
        {
            Parameters =
            [
                new("name", typeof(string), "The workflow's name."),
                new("instanceId", typeof(string), "The instance's id: a second start under it starts nothing."),
                new("correlationId", typeof(string), "The caller's own id for the work."),
            ],
            Body = new ApiBody(null),
            Answers = [Started, BadRequest, new(404, "No such workflow."), TooLarge, NotJson],
        },
        new("startAdHocWorkflow", "POST", ApiRoutes.StartAdHocWorkflow, "Runs a definition that is in the request.")
        {
            Body = new ApiBody(typeof(AdHocRequest)) { IsRequired = true },
            Answers = [Started, BadRequest, TooLarge, NotJson],
        },
        new("listWorkflowDefinitions", "GET", ApiRoutes.ListWorkflowDefinitions, "Lists the workflows that can be started by name.") { Answers = [new(200, "The workflows.", typeof(WorkflowDefinitionListView))] },
        new("listWorkflows", "GET", ApiRoutes.ListWorkflows, "Lists instances, newest first.")
        {
            ChecksQuery = true,
            Description = "A page may hold fewer instances than asked for, even none, and still not be the last: go on while there is a nextCursor.",
            Parameters =
            [
                new("name", typeof(string), "Only instances of this workflow."),
                new("state", typeof(WorkflowStatus?), "Only instances in this state."),
                new("from", typeof(DateTimeOffset?), "Not created before this."),
                new("to", typeof(DateTimeOffset?), "Created before this."),
                new("limit", typeof(int?), "Most instances on the page.") { Range = (WorkflowEndpoints.DefaultLimit, IWorkflowStore.MaxLimit) },
                new("cursor", typeof(string), "The nextCursor of the page before."),
                new("runtimeStatus", typeof(string), "As state, by a word of Durable Functions: Running, Completed, Failed, Canceled or Terminated."),
                new("createdTimeFrom", typeof(DateTimeOffset?), "As from."),
                new("createdTimeTo", typeof(DateTimeOffset?), "As to."),
                new("showInput", typeof(bool?), "Durable Functions' own; a list never shows inputs."),
                new("top", typeof(int?), "As limit.") { Range = (WorkflowEndpoints.DefaultLimit, IWorkflowStore.MaxLimit) },
                new(WorkflowListQuery.ContinuationHeader, typeof(string), "As cursor; answers carry it too.") { IsHeader = true },
            ],
            Answers = [new(200, "A page.", typeof(WorkflowListView)), BadRequest],
        },
        new("getWorkflow", "GET", ApiRoutes.GetWorkflow, "Shows an instance: status, input, output, and where each step stands.")
        {
            ChecksQuery = true,
            Parameters =
            [
                Instance,
                new("showInput", typeof(bool?), "False: without its input."),
                new("returnInternalServerErrorOnFailure", typeof(bool?), "True: 500 for one that failed."),
                new("format", typeof(string), "mermaid: a diagram in place of JSON."),
                new("step", typeof(string), "Only this step, as an element of steps, with all that it gave however large; always 200."),
            ],
            Answers =
            [
                new(200, "It has ended.", typeof(WorkflowView)),
                new(202, "It runs; Location and Retry-After say where and when to ask again.", typeof(WorkflowView)),
                BadRequest,
                NotFound,
            ],
        },
        new("raiseWorkflowEvent", "POST", ApiRoutes.RaiseWorkflowEvent, "Raises an event; the body is what it carries.")
        {
            Description = "One that no step waits for yet is kept for the step that will.",
            Parameters = [Instance, new("name", typeof(string), "The event's name: a step of the instance's definition waits for it.")],
            Body = new ApiBody(null),
            Answers = [Raised, BadRequest, new(404, "No such instance, or no step of it ever waits for such an event."), new(409, "It keeps no more events that nobody waits for."), Ended, TooLarge, NotJson],
        },
        new("terminateWorkflow", "POST", ApiRoutes.TerminateWorkflow, "Ends it at once; nothing is undone.") { Parameters = [Instance, Reason], Answers = [Asked, BadRequest, NotFound, Ended] },
        new("cancelWorkflow", "POST", ApiRoutes.CancelWorkflow, "Stops what runs and undoes what was done.") { Parameters = [Instance, Reason], Answers = [Asked, BadRequest, NotFound, Ended] },
        new("suspendWorkflow", "POST", ApiRoutes.SuspendWorkflow, "Starts nothing more; what runs goes on.") { Parameters = [Instance, Reason], Answers = [Asked, BadRequest, NotFound, Ended] },
        new("resumeWorkflow", "POST", ApiRoutes.ResumeWorkflow, "Goes on after a suspend.") { Parameters = [Instance, Reason], Answers = [Asked, BadRequest, NotFound, Ended] },
        new("restartWorkflow", "POST", ApiRoutes.RestartWorkflow, "Starts another instance with the same definition and input.")
        {
            Parameters = [Instance, new("restartWithNewInstanceId", typeof(bool?), "True, or absent: an id is never used twice.")],
            Answers = [Started, BadRequest, NotFound],
        },
        new("rerunWorkflow", "POST", ApiRoutes.RerunWorkflow, "Runs it again from what failed.")
        {
            Parameters = [Instance, Reason],
            Answers = [Asked, BadRequest, NotFound, Runs, new(410, "It completed.")],
        },
        new("purgeWorkflow", "DELETE", ApiRoutes.PurgeWorkflow, "Removes it and all that it was given and made.")
        {
            Parameters = [Instance],
            Answers = [new(200, "Removed.", typeof(PurgedView)), NotFound, Runs],
        },
    ];
}
