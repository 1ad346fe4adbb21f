using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace JobPipeline.Jobs.Wire;

/// <summary>Writes the messages that the pipeline sends. Golden files pin the format.</summary>
internal static class JobMessageWriter
{
    /// <summary>The version that is written. The reader supports every version up to it.</summary>
    public const int Version = 1;

    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>Writes the message of one job.</summary>
    public static byte[] Write(JobId id, int attempt, JobSpec spec) =>
        Written(writer => WriteJob(writer, id, attempt, spec), spec.Payload.Length + 256);

    /// <summary>Writes the message that a gate sends when it lets the job start.</summary>
    public static byte[] WriteReady(JobId id, int attempt, JobSpec spec, ReadyMark ready) =>
        Written(writer => WriteJob(writer, id, attempt, spec, ready: ready), spec.Payload.Length + 384);

    /// <summary>Writes the message of one job or several for a send that hides it.</summary>
    public static byte[] WriteSentHidden(IReadOnlyList<(JobId Id, JobSpec Spec)> jobs) => jobs is [var (id, spec)]
        ? Written(writer => WriteJob(writer, id, 1, spec, isSentHidden: true), spec.Payload.Length + 256)
        : WritePack(jobs, isSentHidden: true);

    /// <summary>Writes the message of a foreign job under its assigned id, to be admitted when it is delivered.</summary>
    public static byte[] WriteUnadmitted(JobId id, JobSpec spec) =>
        Written(writer => WriteJob(writer, id, 1, spec, isUnadmitted: true), spec.Payload.Length + 256);

    /// <summary>Writes a packed message. The caller ensures the limits of <see cref="JobLimits"/>.</summary>
    public static byte[] WritePack(IReadOnlyList<(JobId Id, JobSpec Spec)> jobs, bool isSentHidden = false) => Written(
        writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("v"u8, Version);
            if (isSentHidden)
                writer.WriteBoolean("sentHidden"u8, true);
            writer.WriteStartArray("pack"u8);
            foreach (var (id, spec) in jobs)
                WriteJob(writer, id, 1, spec);
            writer.WriteEndArray();
            writer.WriteEndObject();
        },
        JobLimits.MaxMessageBytes);

    private static byte[] Written(Action<Utf8JsonWriter> write, int size)
    {
        var buffer = new ArrayBufferWriter<byte>(size);
        using (var writer = new Utf8JsonWriter(buffer, Options))
            write(writer);
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteJob(
        Utf8JsonWriter writer,
        JobId id,
        int attempt,
        JobSpec spec,
        bool isUnadmitted = false,
        bool isSentHidden = false,
        ReadyMark? ready = null)
    {
        writer.WriteStartObject();
        writer.WriteNumber("v"u8, Version);
        writer.WriteString("jobId"u8, id.Value);
        writer.WriteNumber("attempt"u8, attempt);
        writer.WriteString("type"u8, spec.Type);
        writer.WriteString("enqueuedAt"u8, spec.EnqueuedAt.UtcDateTime);
        if (isUnadmitted)
            writer.WriteBoolean("unadmitted"u8, true);
        ready?.Write(writer);
        if (isSentHidden)
            writer.WriteBoolean("sentHidden"u8, true);
        if (!spec.Payload.IsEmpty)
        {
            writer.WritePropertyName("payload"u8);
            writer.WriteRawValue(spec.Payload.Span, skipInputValidation: true);
        }

        if (spec.PayloadInBlob)
            writer.WriteBoolean("payloadRef"u8, true);
        if (spec.Key is not null)
            writer.WriteString("key"u8, spec.Key);
        if (spec.NotBefore is { } notBefore)
            writer.WriteString("notBefore"u8, notBefore.UtcDateTime);
        if (spec.ExpiresAt is { } expiresAt)
            writer.WriteString("expiresAt"u8, expiresAt.UtcDateTime);
        if (spec.MaxAttempts is { } maxAttempts)
            writer.WriteNumber("maxAttempts"u8, maxAttempts);
        if (spec.Timeout is { } timeout)
            writer.WriteString("timeout"u8, timeout.ToString("c"));
        if (spec.Backoff is { } backoff)
            WriteBackoff(writer, backoff);
        if (spec.Tags.Count > 0)
        {
            writer.WriteStartArray("tags"u8);
            foreach (var tag in spec.Tags)
                writer.WriteStringValue(tag);
            writer.WriteEndArray();
        }

        if (spec.CorrelationId is not null)
            writer.WriteString("correlationId"u8, spec.CorrelationId);
        if (spec.Tenant is not null)
            writer.WriteString("tenant"u8, spec.Tenant);
        if (spec.Group is not null)
            writer.WriteString("group"u8, spec.Group);
        if (spec.TraceParent is not null)
            writer.WriteString("traceparent"u8, spec.TraceParent);
        if (spec.Parent is { } parent)
            writer.WriteString("parentId"u8, parent.Value);
        if (spec.Workflow is { } step)
        {
            writer.WritePropertyName("workflowStep"u8);
            JsonSerializer.Serialize(writer, step, JobJson.Options);
        }

        if (spec.Warnings.Count > 0)
        {
            writer.WriteStartArray("warnings"u8);
            foreach (var warning in spec.Warnings)
                writer.WriteStringValue(warning);
            writer.WriteEndArray();
        }

        if (spec.ReplayOf is { } replayed)
            writer.WriteString("replayOf"u8, replayed.Value);
        if (spec.CallbackOf is { } called)
            writer.WriteString("callbackOf"u8, called.Value);
        writer.WriteEndObject();
    }

    private static void WriteBackoff(Utf8JsonWriter writer, BackoffOverride backoff)
    {
        writer.WriteStartObject("backoff"u8);
        if (backoff.Kind is { } kind)
            writer.WriteString("kind"u8, BackoffJson.NameOf(kind));
        if (backoff.Base is { } first)
            writer.WriteString("base"u8, first.ToString("c"));
        if (backoff.Cap is { } cap)
            writer.WriteString("cap"u8, cap.ToString("c"));
        if (backoff.Delays is { } delays)
        {
            writer.WriteStartArray("delays"u8);
            foreach (var delay in delays)
                writer.WriteStringValue(delay.ToString("c"));
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}
