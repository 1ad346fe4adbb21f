using JobPipeline.Jobs;
using JobPipeline.Workflows.Machine;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace JobPipeline.Http.Problems;

/// <summary>Refusals as RFC 9457 problem details. The <c>type</c> URIs are part of the contract: clients may compare them.</summary>
internal static class Problem
{
    private const string MediaType = "application/problem+json";

    /// <param name="faults">Everything that is wrong, by field.</param>
    public static IResult InvalidRequest(IReadOnlyCollection<FieldFault> faults) => Of(
        StatusCodes.Status400BadRequest, "invalid-request", "The request is not valid", string.Join("; ", faults.Select(fault => fault.ToString())), ErrorsOf(faults));

    public static IResult InvalidRequest(string detail) => Of(StatusCodes.Status400BadRequest, "invalid-request", "The request is not valid", detail);

    public static IResult UnknownJobType(string detail) => Of(StatusCodes.Status404NotFound, "unknown-job-type", "No such job type", detail);

    public static IResult JobNotFound(string id) => Of(
        StatusCodes.Status404NotFound,
        "job-not-found",
        "No such job",
        $"No job '{id}' is on record. A dropped message gets its record when it is first received; ended jobs are removed after the retention time.");

    public static IResult QueueNotFound(string detail) => Of(StatusCodes.Status404NotFound, "queue-not-found", "No such queue", detail);

    public static IResult DeadLetterNotFound(string id) => Of(
        StatusCodes.Status404NotFound, "dead-letter-not-found", "No such dead letter", $"There is no dead letter '{id}'.");

    public static IResult AlreadyReplayed(JobPipeline.Failures.DeadLetters.Replay replay) => Of(
        StatusCodes.Status409Conflict,
        "already-replayed",
        "The dead letter was replayed",
        $"It was replayed as job {replay.Job} at {replay.At:O}, asked for by {replay.By}. To make another job of it, send 'force': true.",
        extensions: [new("job", ApiRoutes.OfJob(replay.Job))]);

    public static IResult BeingReplayed(JobPipeline.Failures.DeadLetters.Replay replay, DateTimeOffset until) => Of(
        StatusCodes.Status409Conflict,
        "being-replayed",
        "The dead letter is being replayed",
        $"At {replay.At:O}, {replay.By} began to replay it as job {replay.Job}. If that came to nothing, the same request from {until:O} on brings it to its end.",
        extensions: [new("job", ApiRoutes.OfJob(replay.Job)), new("until", until)]);

    public static IResult NotReplayable(IReadOnlyCollection<FieldFault> faults) => Of(
        StatusCodes.Status422UnprocessableEntity, "not-replayable", "The dead letter can't be replayed like this", string.Join("; ", faults.Select(fault => fault.ToString())), ErrorsOf(faults));

    public static IResult ErrorGroupNotFound(string id) => Of(
        StatusCodes.Status404NotFound, "error-group-not-found", "No such error group", $"There is no error group '{id}'. Groups that were not seen for the retention time are removed.");

    public static IResult AlertRuleNotFound(string detail) => Of(StatusCodes.Status404NotFound, "alert-rule-not-found", "No such alert rule", detail);

    public static IResult NoAlertReceivers() => Of(
        StatusCodes.Status409Conflict, "no-alert-receivers", "Nobody is told of alerts", "Configure a receiver below JobPipeline:Alerts:Receivers: a webhook, or an e-mail address.");

    public static IResult UnknownWorkflow(string detail) => Of(StatusCodes.Status404NotFound, "unknown-workflow", "No such workflow", detail);

    public static IResult UnknownEvent(string detail) => Of(StatusCodes.Status404NotFound, "unknown-event", "No such event", detail);

    public static IResult WorkflowNotFound(string instance) => Of(
        StatusCodes.Status404NotFound, "workflow-not-found", "No such workflow instance", $"There is no workflow instance '{instance}'.");

    public static IResult WorkflowEnded(string instance, WorkflowStatus status) => Of(
        StatusCodes.Status410Gone, "workflow-ended", "The workflow has ended", $"Workflow instance '{instance}' has ended: {status}.");

    public static IResult WorkflowRuns(string instance) => Of(
        StatusCodes.Status409Conflict, "workflow-runs", "The workflow has not ended", $"Workflow instance '{instance}' has not ended yet.");

    public static IResult MailboxFull(string instance) => Of(
        StatusCodes.Status409Conflict,
        "mailbox-full",
        "The workflow keeps no more events",
        $"Workflow instance '{instance}' keeps as many events as it can that no step has waited for yet, and none waits for this one now. Raise it again later.");

    public static IResult PayloadTooLarge(int limit) => Of(
        StatusCodes.Status413PayloadTooLarge, "payload-too-large", "The payload is too large", $"At most {limit} bytes are taken. Put the data into a blob and send its name.");

    public static IResult UnsupportedMediaType() => Of(
        StatusCodes.Status415UnsupportedMediaType, "unsupported-media-type", "Only JSON is accepted", "Send the payload with 'Content-Type: application/json'.");

    public static IResult KeyConflict(string detail) => Of(StatusCodes.Status422UnprocessableEntity, "key-conflict", "The idempotency key is taken by another payload", detail);

    public static IResult AlreadyEnded(string id) => Of(
        StatusCodes.Status409Conflict, "already-ended", "The job has ended already", $"Job '{id}' has ended; there is nothing left to cancel.");

    /// <summary>Field names and what is wrong with each; "" holds what is wrong with the whole.</summary>
    public static IReadOnlyDictionary<string, string[]> ErrorsOf(IEnumerable<FieldFault> faults) =>
        faults.GroupBy(fault => fault.Field, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Select(fault => fault.Message).ToArray(), StringComparer.Ordinal);

    /// <summary>The full <c>type</c> of a problem.</summary>
    public static string TypeOf(string name) => $"urn:jobpipeline:problem:{name}";

    private static IResult Of(
        int status, string type, string title, string detail, IReadOnlyDictionary<string, string[]>? errors = null, IEnumerable<KeyValuePair<string, object?>>? extensions = null) =>
        With(status, TypeOf(type), title, detail, errors is null ? extensions : [KeyValuePair.Create<string, object?>("errors", errors)]);

    /// <summary>Written here and not by the framework, whose JSON escapes what need not be (<see cref="ApiJson"/>).</summary>
    public static IResult With(
        int status, string type, string? title, string detail, IEnumerable<KeyValuePair<string, object?>>? extensions = null)
    {
        title ??= ReasonPhrases.GetReasonPhrase(status);
        var problem = new ProblemDetails { Status = status, Type = type, Title = title, Detail = detail };
        foreach (var (name, value) in extensions ?? [])
            problem.Extensions[name] = value;
        return Results.Json(problem, ApiJson.Options, MediaType, status);
    }
}
