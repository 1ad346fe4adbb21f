using JobPipeline.Enqueueing;
using JobPipeline.Http.Requests;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Jobs;

/// <summary>A job as a caller asks for it, and everything that is wrong with that, in the caller's terms.</summary>
internal sealed record Submission(JobRequest Request, IReadOnlyList<FieldFault> Faults)
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
        };
        return new Submission(wanted, [.. query.Faults, .. jobs.Validate(wanted).Select(fault => fault with { Field = NameHere(fault.Field) })]);
    }

    /// <summary>The body is the payload, and the rest is in the query and a header.</summary>
    private static string NameHere(string field) => field switch
    {
        "key" => KeyHeader,
        "tags" => "tag",
        "notBefore" => "delay",
        _ when field.StartsWith(Payload, StringComparison.Ordinal) => field[Payload.Length..].TrimStart('.'),
        _ => field,
    };
}
