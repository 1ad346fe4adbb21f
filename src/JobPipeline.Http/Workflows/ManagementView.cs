using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Workflows;

/// <summary>
/// Where an instance is watched and managed, under the names that clients of Durable Functions know; the last two are ours.
/// Braces are for the caller to fill in. No address carries a key.
/// </summary>
/// <param name="Id">The instance.</param>
/// <param name="StatusQueryGetUri">GET: where it stands.</param>
/// <param name="SendEventPostUri">POST: raises the event <c>{eventName}</c>; the body is what it carries.</param>
/// <param name="TerminatePostUri">POST: stops it at once, for the reason <c>{text}</c>.</param>
/// <param name="SuspendPostUri">POST: starts nothing more.</param>
/// <param name="ResumePostUri">POST: goes on.</param>
/// <param name="PurgeHistoryDeleteUri">DELETE: removes it, once it has ended.</param>
/// <param name="RestartPostUri">POST: starts another instance with the same definition and input.</param>
/// <param name="CancelPostUri">POST: stops it and undoes what was done.</param>
/// <param name="RerunPostUri">POST: runs it again from what failed.</param>
/// <param name="IsDuplicate">True: there was an instance of that id, which was left as it is.</param>
public sealed record ManagementView(
    string Id,
    string StatusQueryGetUri,
    string SendEventPostUri,
    string TerminatePostUri,
    string SuspendPostUri,
    string ResumePostUri,
    string PurgeHistoryDeleteUri,
    string RestartPostUri,
    string CancelPostUri,
    string RerunPostUri,
    bool IsDuplicate)
{
    internal static ManagementView Of(HttpRequest request, string id, bool isDuplicate)
    {
        var uri = $"{request.Scheme}://{request.Host}{request.PathBase}{ApiRoutes.OfWorkflow(id)}";
        return new ManagementView(
            id,
            uri,
            $"{uri}/events/{{eventName}}",
            $"{uri}/terminate?reason={{text}}",
            $"{uri}/suspend?reason={{text}}",
            $"{uri}/resume?reason={{text}}",
            uri,
            $"{uri}/restart",
            $"{uri}/cancel?reason={{text}}",
            $"{uri}/rerun",
            isDuplicate);
    }
}
