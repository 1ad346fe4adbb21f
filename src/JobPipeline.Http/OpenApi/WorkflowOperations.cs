using JobPipeline.Http.Workflows;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Http.OpenApi;

/// <summary>The operations for workflows.</summary>
internal static class WorkflowOperations
{
    private static readonly ApiAnswer BadRequest = new(400, "The request is not valid; 'errors' lists all validation errors.");
    private static readonly ApiAnswer NotFound = new(404, "Unknown workflow instance.");
    private static readonly ApiAnswer Ended = new(410, "The workflow instance has ended.");
    private static readonly ApiAnswer Runs = new(409, "The workflow instance has not ended yet.");
    private static readonly ApiAnswer TooLarge = new(413, "The body is too large.");
    private static readonly ApiAnswer NotJson = new(415, "The body is not JSON.");
    private static readonly ApiAnswer Accepted = new(202, "Accepted; takes effect a moment later.");
    private static readonly ApiAnswer Raised = new(202, "Raised: a step takes the event, or it is stored for one.", typeof(RaisedView));
    private static readonly ApiAnswer Started = new(
        202, "Started, or a duplicate of the workflow instance with the same id; the management URLs.", typeof(ManagementView));

    private static readonly ApiParameter Instance = new("instance", typeof(string), "The id of the workflow instance.");
    private static readonly ApiParameter Reason = new("reason", typeof(string), "The reason, shown with the status.");

    public static IReadOnlyList<ApiOperation> All { get; } =
    [
        new("startWorkflow", "POST", ApiRoutes.StartWorkflow, "Starts a workflow; the body is its input.")
        {
            Parameters =
            [
                new("name", typeof(string), "The name of the workflow."),
                new("instanceId", typeof(string), "The id of the workflow instance; a second start with the same id has no effect."),
                new("correlationId", typeof(string), "The caller's correlation id."),
            ],
            Body = new ApiBody(null),
            Answers = [Started, BadRequest, new(404, "Unknown workflow."), TooLarge, NotJson],
        },
        new("startAdHocWorkflow", "POST", ApiRoutes.StartAdHocWorkflow, "Runs the workflow definition in the request.")
        {
            Body = new ApiBody(typeof(AdHocRequest)) { IsRequired = true },
            Answers = [Started, BadRequest, TooLarge, NotJson],
        },
        new("listWorkflowDefinitions", "GET", ApiRoutes.ListWorkflowDefinitions, "Lists the workflows that can be started by name.")
        {
            Answers = [new(200, "The workflows.", typeof(WorkflowDefinitionListView))],
        },
        new("listWorkflows", "GET", ApiRoutes.ListWorkflows, "Lists workflow instances, newest first.")
        {
            ChecksQuery = true,
            Description = "A page may hold fewer workflow instances than requested, even none, without being the last; continue while "
                + "there is a nextCursor.",
            Parameters =
            [
                new("name", typeof(string), "Only instances of this workflow."),
                new("state", typeof(WorkflowStatus?), "Only workflow instances in this state."),
                new("from", typeof(DateTimeOffset?), "Only workflow instances created at or after this time."),
                new("to", typeof(DateTimeOffset?), "Only workflow instances created before this time."),
                new("limit", typeof(int?), "The maximum number of workflow instances on the page.")
                {
                    Range = (WorkflowEndpoints.DefaultLimit, IWorkflowStore.MaxLimit),
                },
                new("cursor", typeof(string), "The nextCursor of the previous page."),
                new(
                    "runtimeStatus",
                    typeof(string),
                    "Same as 'state', by Durable Functions name: Running, Completed, Failed, Canceled or Terminated."),
                new("createdTimeFrom", typeof(DateTimeOffset?), "Same as 'from'."),
                new("createdTimeTo", typeof(DateTimeOffset?), "Same as 'to'."),
                new("showInput", typeof(bool?), "Accepted for compatibility with Durable Functions; lists never show inputs."),
                new("top", typeof(int?), "Same as 'limit'.") { Range = (WorkflowEndpoints.DefaultLimit, IWorkflowStore.MaxLimit) },
                new(WorkflowListQuery.ContinuationHeader, typeof(string), "Same as 'cursor'; responses also carry it.") { IsHeader = true },
            ],
            Answers = [new(200, "A page.", typeof(WorkflowListView)), BadRequest],
        },
        new("getWorkflow", "GET", ApiRoutes.GetWorkflow, "Gets a workflow instance: status, input, output, and its steps.")
        {
            ChecksQuery = true,
            Parameters =
            [
                Instance,
                new("showInput", typeof(bool?), "false: omit the input."),
                new("returnInternalServerErrorOnFailure", typeof(bool?), "true: respond 500 if the workflow instance failed."),
                new("format", typeof(string), "mermaid: a diagram instead of JSON."),
                new(
                    "step",
                    typeof(string),
                    "Only this step, as an element of steps, with its full output of any size; the status is always 200."),
            ],
            Answers =
            [
                new(200, "The workflow instance has ended.", typeof(WorkflowView)),
                new(202, "The workflow instance is running; poll Location after Retry-After.", typeof(WorkflowView)),
                BadRequest,
                NotFound,
            ],
        },
        new("raiseWorkflowEvent", "POST", ApiRoutes.RaiseWorkflowEvent, "Raises an event; the body is its payload.")
        {
            Description = "An event that no step waits for yet is stored for the step that will.",
            Parameters = [Instance, new("name", typeof(string), "The name of the event; a step of the definition must wait for it.")],
            Body = new ApiBody(null),
            Answers =
            [
                Raised,
                BadRequest,
                new(404, "Unknown workflow instance, or none of its steps ever waits for the event."),
                new(409, "The mailbox of the workflow instance is full."),
                Ended,
                TooLarge,
                NotJson,
            ],
        },
        new("terminateWorkflow", "POST", ApiRoutes.TerminateWorkflow, "Ends a workflow instance at once, without compensation.")
        {
            Parameters = [Instance, Reason],
            Answers = [Accepted, BadRequest, NotFound, Ended],
        },
        new("cancelWorkflow", "POST", ApiRoutes.CancelWorkflow, "Stops running steps and compensates completed ones.")
        {
            Parameters = [Instance, Reason],
            Answers = [Accepted, BadRequest, NotFound, Ended],
        },
        new("suspendWorkflow", "POST", ApiRoutes.SuspendWorkflow, "Stops starting steps; running ones continue.")
        {
            Parameters = [Instance, Reason],
            Answers = [Accepted, BadRequest, NotFound, Ended],
        },
        new("resumeWorkflow", "POST", ApiRoutes.ResumeWorkflow, "Resumes a suspended workflow instance.")
        {
            Parameters = [Instance, Reason],
            Answers = [Accepted, BadRequest, NotFound, Ended],
        },
        new("restartWorkflow", "POST", ApiRoutes.RestartWorkflow, "Starts a new workflow instance with the same definition and input.")
        {
            Parameters = [Instance, new("restartWithNewInstanceId", typeof(bool?), "true or absent; an id is never reused.")],
            Answers = [Started, BadRequest, NotFound],
        },
        new("rerunWorkflow", "POST", ApiRoutes.RerunWorkflow, "Reruns a workflow instance from its failed steps.")
        {
            Parameters = [Instance, Reason],
            Answers = [Accepted, BadRequest, NotFound, Runs, new(410, "The workflow instance completed.")],
        },
        new("purgeWorkflow", "DELETE", ApiRoutes.PurgeWorkflow, "Deletes a workflow instance with its inputs and outputs.")
        {
            Parameters = [Instance],
            Answers = [new(200, "Deleted.", typeof(PurgedView)), NotFound, Runs],
        },
    ];
}
