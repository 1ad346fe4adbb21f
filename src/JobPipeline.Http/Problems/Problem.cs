using JobPipeline.Jobs;
using JobPipeline.Workflows.Machine;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace JobPipeline.Http.Problems;

/// <summary>Error responses as RFC 9457 problem details. The <c>type</c> URIs are part of the contract: clients may compare them.</summary>
internal static class Problem
{
    private const string MediaType = "application/problem+json";

    /// <param name="errors">All validation errors.</param>
    public static IResult InvalidRequest(IReadOnlyCollection<ValidationError> errors) => Of(
        StatusCodes.Status400BadRequest,
        "invalid-request",
        "The request is not valid",
        string.Join("; ", errors.Select(error => error.ToString())),
        ErrorsOf(errors));

    public static IResult InvalidRequest(string detail) =>
        Of(StatusCodes.Status400BadRequest, "invalid-request", "The request is not valid", detail);

    public static IResult UnknownJobType(string detail) =>
        Of(StatusCodes.Status404NotFound, "unknown-job-type", "Unknown job type", detail);

    public static IResult JobNotFound(string id) => Of(
        StatusCodes.Status404NotFound,
        "job-not-found",
        "Unknown job",
        $"Job '{id}' has no record. A job that was sent as a queue message is recorded when the message is first received; "
            + "records of ended jobs are deleted after the retention period.");

    public static IResult LimitNotFound(string detail) => Of(StatusCodes.Status404NotFound, "limit-not-found", "Unknown limit", detail);

    public static IResult QueueNotFound(string detail) => Of(StatusCodes.Status404NotFound, "queue-not-found", "Unknown queue", detail);

    public static IResult DeadLetterNotFound(string id) => Of(
        StatusCodes.Status404NotFound, "dead-letter-not-found", "Unknown dead letter", $"Dead letter '{id}' does not exist.");

    public static IResult AlreadyReplayed(JobPipeline.Failures.DeadLetters.Replay replay) => Of(
        StatusCodes.Status409Conflict,
        "already-replayed",
        "The dead letter was already replayed",
        $"It was replayed as job {replay.Job} at {replay.At:O} by {replay.By}. To replay it again, send 'force': true.",
        extensions: [new("job", ApiRoutes.OfJob(replay.Job))]);

    public static IResult BeingReplayed(JobPipeline.Failures.DeadLetters.Replay replay, DateTimeOffset until) => Of(
        StatusCodes.Status409Conflict,
        "being-replayed",
        "The dead letter is being replayed",
        $"{replay.By} started to replay it as job {replay.Job} at {replay.At:O}. If that replay did not complete, repeat this request at "
            + $"{until:O} or later.",
        extensions: [new("job", ApiRoutes.OfJob(replay.Job)), new("until", until)]);

    public static IResult NotReplayable(IReadOnlyCollection<ValidationError> errors) => Of(
        StatusCodes.Status422UnprocessableEntity,
        "not-replayable",
        "The dead letter can't be replayed with this type and payload",
        string.Join("; ", errors.Select(error => error.ToString())),
        ErrorsOf(errors));

    public static IResult ErrorGroupNotFound(string id) => Of(
        StatusCodes.Status404NotFound,
        "error-group-not-found",
        "Unknown error group",
        $"Error group '{id}' does not exist. Groups without a failure in the retention period are deleted.");

    public static IResult AlertRuleNotFound(string detail) =>
        Of(StatusCodes.Status404NotFound, "alert-rule-not-found", "Unknown alert rule", detail);

    public static IResult NoAlertReceivers() => Of(
        StatusCodes.Status409Conflict,
        "no-alert-receivers",
        "No alert receiver is configured",
        "Configure a webhook or an e-mail address under JobPipeline:Alerts:Receivers.");

    public static IResult UnknownWorkflow(string detail) =>
        Of(StatusCodes.Status404NotFound, "unknown-workflow", "Unknown workflow", detail);

    public static IResult UnknownEvent(string detail) => Of(StatusCodes.Status404NotFound, "unknown-event", "Unknown event", detail);

    public static IResult WorkflowNotFound(string instance) => Of(
        StatusCodes.Status404NotFound,
        "workflow-not-found",
        "Unknown workflow instance",
        $"Workflow instance '{instance}' does not exist.");

    public static IResult WorkflowEnded(string instance, WorkflowStatus status) => Of(
        StatusCodes.Status410Gone,
        "workflow-ended",
        "The workflow instance has ended",
        $"Workflow instance '{instance}' has ended with status {status}.");

    public static IResult WorkflowRuns(string instance) => Of(
        StatusCodes.Status409Conflict,
        "workflow-runs",
        "The workflow instance has not ended",
        $"Workflow instance '{instance}' has not ended yet.");

    public static IResult MailboxFull(string instance) => Of(
        StatusCodes.Status409Conflict,
        "mailbox-full",
        "The workflow instance's mailbox is full",
        $"Workflow instance '{instance}' already holds the maximum number of events that no step has taken, and no step is waiting for "
            + "this event. Raise it again later.");

    public static IResult PayloadTooLarge(int limit) => Of(
        StatusCodes.Status413PayloadTooLarge,
        "payload-too-large",
        "The payload is too large",
        $"At most {limit} bytes are accepted. Store the data in a blob and send the blob's name.");

    public static IResult UnsupportedMediaType() => Of(
        StatusCodes.Status415UnsupportedMediaType,
        "unsupported-media-type",
        "The media type is not supported",
        "Send the payload with 'Content-Type: application/json'.");

    public static IResult KeyConflict(string detail) =>
        Of(StatusCodes.Status422UnprocessableEntity, "key-conflict", "The idempotency key belongs to a job with another payload", detail);

    public static IResult AlreadyEnded(string id) => Of(
        StatusCodes.Status409Conflict, "already-ended", "The job has already ended", $"Job '{id}' has ended and can't be cancelled.");

    public static IResult NotWaiting(string id, string why) =>
        Of(StatusCodes.Status409Conflict, "not-waiting", "The job does not wait", $"Job '{id}' {why}: it can't be started now.");

    /// <summary>Groups the validation errors by field; the key "" holds errors of the whole request.</summary>
    public static IReadOnlyDictionary<string, string[]> ErrorsOf(IEnumerable<ValidationError> errors) =>
        errors.GroupBy(error => error.Field, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Select(error => error.Message).ToArray(), StringComparer.Ordinal);

    /// <summary>Gets the full <c>type</c> URI of a problem.</summary>
    public static string TypeOf(string name) => $"urn:jobpipeline:problem:{name}";

    private static IResult Of(
        int status,
        string type,
        string title,
        string detail,
        IReadOnlyDictionary<string, string[]>? errors = null,
        IEnumerable<KeyValuePair<string, object?>>? extensions = null) =>
        With(status, TypeOf(type), title, detail, errors is null ? extensions : [KeyValuePair.Create<string, object?>("errors", errors)]);

    /// <summary>
    /// Creates problem details with <see cref="ApiJson"/>, because the framework's JSON escapes characters unnecessarily.
    /// </summary>
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
