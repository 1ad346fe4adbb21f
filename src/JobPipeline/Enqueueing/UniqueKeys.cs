using System.Text.Json;
using JobPipeline.Configuration;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using Microsoft.Extensions.Options;

namespace JobPipeline.Enqueueing;

internal enum KeyVerdict
{
    /// <summary>This job holds the key.</summary>
    Owned,

    /// <summary>Another job with the same payload holds the key.</summary>
    Duplicate,

    /// <summary>Another job with a different payload holds the key.</summary>
    Conflict,
}

internal readonly record struct KeyReservation(KeyVerdict Verdict, JobId Holder);

/// <summary>
/// Reserves unique keys by a conditional insert of a row that contains the first producer's message. A producer that finds a key
/// whose job never got a record sends that message again before it returns, so the job of a producer that crashed in between is
/// not lost.
/// </summary>
internal sealed class UniqueKeys(
    IUniqueKeyStore keys, IJobStore store, IPayloadStore payloads, IJobQueue queue, TimeProvider time, IOptions<JobPipelineOptions> options)
{
    public async Task<KeyReservation> ReserveAsync(
        string queueName, JobId job, JobSpec spec, ReadOnlyMemory<byte> envelope, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var expiresAt = (spec.DueAt > now ? spec.DueAt : now) + options.Value.KeyLifetime;
        var wanted = new UniqueKey(spec.Type, spec.Key!, job, queueName, envelope, expiresAt);
        while (true)
        {
            if (await keys.TryPutAsync(wanted, cancellationToken))
                return new KeyReservation(KeyVerdict.Owned, job);
            var held = await keys.ReadAsync(spec.Type, spec.Key!, cancellationToken);
            if (held is null || held.ExpiresAt <= now)
            {
                wanted = wanted with { Version = held?.Version };
                continue;
            }

            if (held.Holder == job)
                return new KeyReservation(KeyVerdict.Owned, job);
            if (JobMessageReader.Read(held.Envelope, now) is not MessageReading.Job { Message: var first }
                || !await SamePayloadAsync(held.Holder, first.Spec, spec, job, cancellationToken))
                return new KeyReservation(KeyVerdict.Conflict, held.Holder);
            await EnsureAliveAsync(held, first.Spec, now, cancellationToken);
            return new KeyReservation(KeyVerdict.Duplicate, held.Holder);
        }
    }

    private async Task EnsureAliveAsync(UniqueKey held, JobSpec spec, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if ((await store.ReadAsync(held.Holder, cancellationToken)).Record is not null)
            return;
        await queue.SendAsync(held.Queue, held.Envelope, spec.DueAt - now, cancellationToken);
        await store.ApplyAsync(JobTransition.Enqueue(JobRecord.Enqueued(held.Holder, held.Queue, spec, now)), cancellationToken);
    }

    private async Task<bool> SamePayloadAsync(JobId holder, JobSpec first, JobSpec second, JobId job, CancellationToken cancellationToken)
    {
        var a = await PayloadAsync(holder, first, cancellationToken);
        var b = await PayloadAsync(job, second, cancellationToken);
        if (a.Span.SequenceEqual(b.Span))
            return true;
        if (a.IsEmpty || b.IsEmpty)
            return false;
        try
        {
            using var left = JsonDocument.Parse(a);
            using var right = JsonDocument.Parse(b);
            return JsonElement.DeepEquals(left.RootElement, right.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            // Valid JSON that can't be compared as a value: an unpaired surrogate or an exponent beyond 32 bits. The bytes differ.
            return false;
        }
    }

    private async Task<ReadOnlyMemory<byte>> PayloadAsync(JobId id, JobSpec spec, CancellationToken cancellationToken) =>
        spec.PayloadInBlob ? await payloads.ReadAsync(PayloadName.Payload(id), cancellationToken) ?? default : spec.Payload;
}
