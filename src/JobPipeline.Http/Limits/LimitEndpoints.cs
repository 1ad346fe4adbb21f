using JobPipeline.Configuration;
using JobPipeline.Handlers;
using JobPipeline.Http.Problems;
using JobPipeline.Http.Requests;
using JobPipeline.Jobs;
using JobPipeline.Limits;
using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Meters;
using JobPipeline.Limits.Rules;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Limits;

/// <summary>The endpoints for limits.</summary>
internal sealed class LimitEndpoints(
    JobRegistry types, LimitRegistry limits, LimitControl control, ILimitStore store, TimeProvider time)
{
    private const int MaxBodyBytes = 16 * 1024;
    private const int MaxListed = 100;

    /// <summary><c>GET /api/limits</c>: lists the limits that this instance knows, with the keys for which jobs wait.</summary>
    public async Task<IResult> ListAsync(CancellationToken cancellationToken)
    {
        var due = await store.ListDueAsync(LimitControl.NoEnd, MaxListed, cancellationToken);
        var waiting = due.Select(entry => entry.Gate).Distinct().ToLookup(gate => gate.Limit, gate => gate.Key, StringComparer.Ordinal);
        var users = types.All
            .SelectMany(type => limits.Of(type.Type).Select(limit => (limit.Name, type.Type)))
            .ToLookup(use => use.Name, use => use.Type, StringComparer.Ordinal);
        return Results.Json(
            new LimitListView(
            [
                .. limits.All.Select(limit => new LimitView(
                    limit.Name, limit.Key, limit.OnLimit, LimitRuleView.Of(limit.Rule), [.. users[limit.Name]], [.. waiting[limit.Name]])),
            ]),
            ApiJson.Options);
    }

    /// <summary><c>GET /api/limits/{name}?key=…</c>: shows a limit for one key: who holds it, and who waits.</summary>
    public Task<IResult> GetAsync(HttpRequest request, string name, CancellationToken cancellationToken) =>
        WithGateAsync(request, name, (_, gate) => ShowAsync(gate, cancellationToken));

    /// <summary>
    /// <c>GET /api/limits/{name}/jobs?key=…</c>: lists the jobs that wait at a limit, in the order in which they will start. Query
    /// <c>limit</c> (default 50, at most 200), <c>cursor</c>.
    /// </summary>
    public Task<IResult> ListJobsAsync(HttpRequest request, string name, CancellationToken cancellationToken)
    {
        var query = new QueryReader(request);
        var limit = query.Number("limit", LimitJobsView.DefaultLimit, IJobList.MaxLimit);
        var from = ParkedKey.First;
        if (query.Text("cursor") is { } cursor && !LimitJobsView.TryReadCursor(cursor, out from))
            query.Errors.Add(new ValidationError("cursor", QueryReader.BadCursor));
        return WithGateAsync(query, name, async (_, gate) => Results.Json(
            LimitJobsView.Of(await store.ListAsync(gate, from, to: null, limit, cancellationToken), limit), ApiJson.Options));
    }

    /// <summary>
    /// <c>PUT /api/limits/{name}?key=…</c>, body <c>{ "concurrency": 10, "rate": "100/01:00:00", "reason": "..." }</c>: replaces the
    /// rule until it is reset. It acts on the jobs that wait, too; running jobs continue.
    /// </summary>
    public Task<IResult> ChangeAsync(HttpRequest request, string name, CancellationToken cancellationToken) =>
        WithGateAsync(request, name, async (limit, gate) =>
        {
            var (body, refusal) = await JsonBody.ReadAsync<LimitChange>(request, MaxBodyBytes, cancellationToken);
            if (refusal is not null)
                return refusal;
            var algorithm = limit.RuleOf(gate.Key).Rate?.Algorithm ?? LimitAlgorithm.Gcra;
            var options = new LimitOptions
            {
                Concurrency = body!.Concurrency, Rate = body.Rate, Burst = body.Burst, Algorithm = algorithm,
            };
            if (LimitOptionRules.Errors("the limit", options).ToList() is { Count: > 0 } errors)
                return Problem.InvalidRequest([.. errors.Select(error => new ValidationError("rate", error))]);
            var rule = new LimitDefinition(name, options).Rule;
            await control.ChangeAsync(gate, rule, Caller.Of(request), body.Reason!, cancellationToken);
            return await ShowAsync(gate, cancellationToken);
        });

    /// <summary><c>DELETE /api/limits/{name}?key=…</c>: goes back to the configured rule.</summary>
    public Task<IResult> ResetAsync(HttpRequest request, string name, CancellationToken cancellationToken) =>
        WithGateAsync(request, name, async (_, gate) =>
        {
            await control.ResetAsync(gate, Caller.Of(request), cancellationToken);
            return await ShowAsync(gate, cancellationToken);
        });

    /// <summary>
    /// <c>POST /api/limits/{name}/pause?key=…</c>, body <c>{ "for": "01:00:00", "reason": "..." }</c>: no job starts there until it is
    /// resumed, or the time is over. Waiting costs nothing.
    /// </summary>
    public Task<IResult> PauseAsync(HttpRequest request, string name, CancellationToken cancellationToken) =>
        WithGateAsync(request, name, async (_, gate) =>
        {
            var (body, refusal) = await JsonBody.ReadAsync<LimitClosing>(request, MaxBodyBytes, cancellationToken);
            if (refusal is not null)
                return refusal;
            var until = body!.For is { } duration ? time.GetUtcNow() + duration : (DateTimeOffset?)null;
            await control.CloseAsync(gate, until, Caller.Of(request), body.Reason!, cancellationToken);
            return await ShowAsync(gate, cancellationToken);
        });

    /// <summary><c>POST /api/limits/{name}/resume?key=…</c>: lets jobs start again. Has no effect if the limit is not paused.</summary>
    public Task<IResult> ResumeAsync(HttpRequest request, string name, CancellationToken cancellationToken) =>
        WithGateAsync(request, name, async (_, gate) =>
        {
            await control.OpenAsync(gate, Caller.Of(request), cancellationToken);
            return await ShowAsync(gate, cancellationToken);
        });

    private async Task<IResult> ShowAsync(GateId gate, CancellationToken cancellationToken)
    {
        var lot = await control.ReadAsync(gate, GateView.MaxShown + 1, cancellationToken);
        return Results.Json(GateView.Of(gate, control.RuleOf(gate, lot.Meter), lot, time.GetUtcNow()), ApiJson.Options);
    }

    /// <summary>Finds the gate that the request names. A limit that is divided has one for each key.</summary>
    private Task<IResult> WithGateAsync(HttpRequest request, string name, Func<LimitDefinition, GateId, Task<IResult>> act) =>
        WithGateAsync(new QueryReader(request), name, act);

    private Task<IResult> WithGateAsync(QueryReader query, string name, Func<LimitDefinition, GateId, Task<IResult>> act)
    {
        var key = query.Text("key");
        if (limits.Find(name) is not { } limit)
            return Task.FromResult(query.Errors.Count > 0 ? Problem.InvalidRequest(query.Errors) : Problem.LimitNotFound(WhyUnknown(name)));
        if (limit.Key is null && key is not null)
            query.Errors.Add(new ValidationError("key", $"has no meaning: the limit '{name}' is not divided by a key"));
        if (limit.Key is not null && key is null)
            query.Errors.Add(new ValidationError("key", $"is missing: the limit '{name}' is divided by '{limit.Key}'"));
        if (key is { Length: > JobLimits.MaxTenantLength })
            query.Errors.Add(new ValidationError("key", $"may have at most {JobLimits.MaxTenantLength} characters"));
        return query.Errors.Count > 0
            ? Task.FromResult(Problem.InvalidRequest(query.Errors))
            : act(limit, new GateId(limit.Name, key ?? LimitKey.None));
    }

    private string WhyUnknown(string name)
    {
        var names = limits.All.Select(limit => limit.Name).ToList();
        var known = names.Count == 0 ? "No limit is configured." : $"The limits are {string.Join(", ", names)}.";
        return $"Limit '{name}' does not exist{NearestName.Hint(name, names)}. {known}";
    }
}
