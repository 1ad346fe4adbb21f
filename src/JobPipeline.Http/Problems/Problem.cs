using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Problems;

/// <summary>Refusals as RFC 9457 problem details. The <c>type</c> URIs are part of the contract: clients may compare them.</summary>
internal static class Problem
{
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

    public static IResult PayloadTooLarge(int limit) => Of(
        StatusCodes.Status413PayloadTooLarge, "payload-too-large", "The payload is too large", $"At most {limit} bytes are taken. Put the data into a blob and send its name.");

    public static IResult UnsupportedMediaType() => Of(
        StatusCodes.Status415UnsupportedMediaType, "unsupported-media-type", "Only JSON is accepted", "Send the payload with 'Content-Type: application/json'.");

    public static IResult KeyConflict(string detail) => Of(StatusCodes.Status422UnprocessableEntity, "key-conflict", "The idempotency key is taken by another payload", detail);

    private static IResult Of(int status, string type, string title, string detail) =>
        Results.Problem(detail: detail, statusCode: status, title: title, type: $"urn:jobpipeline:problem:{type}");
}
