using JobPipeline.Enqueueing;
using JobPipeline.Http.Requests;
using JobPipeline.Jobs;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Jobs;

/// <summary>A job as requested by a caller, with its validation errors in the caller's terms.</summary>
internal sealed record Submission(JobRequest Request, IReadOnlyList<ValidationError> Errors)
{
    public const string KeyHeader = "Idempotency-Key";
    private const string Payload = "payload";

    public static Submission Of(HttpRequest request, string type, ReadOnlyMemory<byte> body, DateTimeOffset now, JobClient jobs)
    {
        var query = new QueryReader(request);
        var wanted = new JobRequest
        {
            Type = type,
            Payload = body,
            Queue = query.Text("queue"),
            Key = request.Headers[KeyHeader].FirstOrDefault(),
            NotBefore = now + query.Delay("delay"),
            Tags = query.Texts("tag"),
            CorrelationId = query.Text("correlationId"),
            Tenant = query.Text("tenant"),
            Group = query.Text("group"),
        };
        return new Submission(
            wanted, [.. query.Errors, .. jobs.Validate(wanted).Select(error => error with { Field = NameHere(error.Field) })]);
    }

    /// <summary>
    /// Maps a member of the job request to its place in the HTTP request: the body is the payload, the rest is in the query and a
    /// header.
    /// </summary>
    private static string NameHere(string field) => field switch
    {
        "key" => KeyHeader,
        "tags" => "tag",
        "notBefore" => "delay",
        _ when field.StartsWith(Payload, StringComparison.Ordinal) => field[Payload.Length..].TrimStart('.'),
        _ => field,
    };
}
