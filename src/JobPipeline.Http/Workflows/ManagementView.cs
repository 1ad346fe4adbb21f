namespace JobPipeline.Http.Workflows;

/// <summary>
/// Where an instance is watched and managed, under the names that clients of Durable Functions know; the last two are ours.
/// Braces are for the caller to fill in. An address carries a key only where the request that is answered carried that same key
/// in its own address (<c>?code=</c>); otherwise send the header <c>x-functions-key</c> with it.
/// </summary>
/// <param name="Id">The instance.</param>
/// <param name="StatusQueryGetUri">GET: where it stands.</param>
/// <param name="SendEventPostUri">POST: raises the event <c>{eventName}</c>; the body is what it carries.</param>
/// <param name="TerminatePostUri">POST: stops it at once, for the reason <c>{text}</c>.</param>
/// <param name="SuspendPostUri">POST: starts nothing more.</param>
/// <param name="ResumePostUri">POST: goes on.</param>
/// <param name="PurgeHistoryDeleteUri">DELETE: removes it, once it has ended.</param>
/// <param name="RestartPostUri">POST: starts another instance with the same definition and input.</param>
/// <param name="RewindPostUri">POST: runs it again from what failed; ours under its other name.</param>
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
    string RewindPostUri,
    string CancelPostUri,
    string RerunPostUri,
    bool IsDuplicate)
{
    /// <param name="uri">The instance's absolute address.</param>
    /// <param name="id">The instance.</param>
    /// <param name="isDuplicate">There was one of that id.</param>
    internal static ManagementView Of(string uri, string id, bool isDuplicate)
    {
        return new ManagementView(
            id,
            uri,
            $"{uri}/events/{{eventName}}",
            $"{uri}/terminate?reason={{text}}",
            $"{uri}/suspend?reason={{text}}",
            $"{uri}/resume?reason={{text}}",
            uri,
            $"{uri}/restart",
            $"{uri}/rerun?reason={{text}}",
            $"{uri}/cancel?reason={{text}}",
            $"{uri}/rerun",
            isDuplicate);
    }

    /// <summary>The same with other addresses.</summary>
    internal ManagementView Select(Func<string, string> address) => this with
    {
        StatusQueryGetUri = address(StatusQueryGetUri),
        SendEventPostUri = address(SendEventPostUri),
        TerminatePostUri = address(TerminatePostUri),
        SuspendPostUri = address(SuspendPostUri),
        ResumePostUri = address(ResumePostUri),
        PurgeHistoryDeleteUri = address(PurgeHistoryDeleteUri),
        RestartPostUri = address(RestartPostUri),
        RewindPostUri = address(RewindPostUri),
        CancelPostUri = address(CancelPostUri),
        RerunPostUri = address(RerunPostUri),
    };
}
