using System.Buffers.Text;
using System.Text;
using JobPipeline.Http.Requests;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Workflows;

/// <summary>The query of a list of workflow instances, with our parameter names or those of the Durable Functions API.</summary>
internal sealed class WorkflowListQuery
{
    /// <summary>The header that carries the cursor, in requests and responses.</summary>
    public const string ContinuationHeader = "x-ms-continuation-token";

    private const int DefaultLimit = WorkflowEndpoints.DefaultLimit;

    private static readonly Dictionary<string, WorkflowStatus> RuntimeStatuses = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Running"] = WorkflowStatus.Running,
        ["Completed"] = WorkflowStatus.Completed,
        ["Failed"] = WorkflowStatus.Failed,
        ["Canceled"] = WorkflowStatus.Cancelled,
        ["Terminated"] = WorkflowStatus.Terminated,
    };

    private readonly QueryReader _query;

    public WorkflowListQuery(HttpRequest request)
    {
        _query = new QueryReader(request);
        var status = Either("state", "runtimeStatus") == "state" ? _query.Word<WorkflowStatus>("state") : RuntimeStatus();
        Filter = new WorkflowFilter(
            _query.Text("name"), status, _query.Time(Either("from", "createdTimeFrom")), _query.Time(Either("to", "createdTimeTo")));
        Limit = _query.Number(Either("limit", "top"), DefaultLimit, IWorkflowStore.MaxLimit);
        var cursor = _query.Text("cursor") ?? (request.Headers[ContinuationHeader] is [{ Length: > 0 } token] ? token : null);
        if (cursor is not null && !Base64Url.IsValid(cursor))
            _query.Errors.Add(new ValidationError("cursor", QueryReader.BadCursor));
        else
            Cursor = cursor is null ? null : Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
    }

    public IReadOnlyList<ValidationError> Errors => _query.Errors;

    public WorkflowFilter Filter { get; }

    public int Limit { get; }

    public string? Cursor { get; }

    /// <summary>Gets the parameter name that the request uses; ours if it uses neither.</summary>
    private string Either(string ours, string theirs)
    {
        if (_query.Text(theirs) is null)
            return ours;
        if (_query.Text(ours) is not null)
            _query.Errors.Add(new ValidationError(theirs, $"has the same meaning as '{ours}'; specify only one of them"));
        return theirs;
    }

    private WorkflowStatus? RuntimeStatus()
    {
        if (RuntimeStatuses.TryGetValue(_query.Text("runtimeStatus")!, out var status))
            return status;
        var hint = NearestName.Hint(_query.Text("runtimeStatus")!, RuntimeStatuses.Keys);
        _query.Errors.Add(new ValidationError("runtimeStatus", $"must be one of {string.Join(", ", RuntimeStatuses.Keys)}{hint}"));
        return null;
    }
}
