namespace JobPipeline.Http.Workflows;

/// <summary>
/// The management URLs of a workflow instance, under the names that clients of Durable Functions know; the last two are ours.
/// The caller fills in the placeholders in braces. A URL carries a key only if the request carried that key in its own URL
/// (<c>?code=</c>); otherwise send the key in the header <c>x-functions-key</c>.
/// </summary>
/// <param name="Id">The id of the workflow instance.</param>
/// <param name="StatusQueryGetUri">GET: returns the status.</param>
/// <param name="SendEventPostUri">POST: raises the event <c>{eventName}</c>; the body is its payload.</param>
/// <param name="TerminatePostUri">POST: ends the workflow instance at once, with the reason <c>{text}</c>.</param>
/// <param name="SuspendPostUri">POST: stops starting steps.</param>
/// <param name="ResumePostUri">POST: resumes a suspended workflow instance.</param>
/// <param name="PurgeHistoryDeleteUri">DELETE: deletes the workflow instance once it has ended.</param>
/// <param name="RestartPostUri">POST: starts a new workflow instance with the same definition and input.</param>
/// <param name="RewindPostUri">POST: reruns the failed steps; the Durable Functions name of <paramref name="RerunPostUri"/>.</param>
/// <param name="CancelPostUri">POST: cancels the workflow instance and compensates its completed steps.</param>
/// <param name="RerunPostUri">POST: reruns the failed steps.</param>
/// <param name="IsDuplicate">Whether a workflow instance with that id already existed; it was left unchanged.</param>
internal sealed record ManagementView(
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
    /// <param name="uri">The absolute URL of the workflow instance.</param>
    /// <param name="id">The id of the workflow instance.</param>
    /// <param name="isDuplicate">Whether a workflow instance with that id already existed.</param>
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

    /// <summary>Returns a copy with each URL transformed by <paramref name="address"/>.</summary>
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
