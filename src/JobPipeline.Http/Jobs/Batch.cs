using JobPipeline.Enqueueing;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Http.Jobs;

/// <summary>
/// Enqueues the items of a batch so that no item affects another: jobs that may share messages are packed, the others are sent
/// one by one.
/// </summary>
internal sealed class Batch(
    JobClient jobs, TimeProvider time, ILogger log, IReadOnlyList<ReadOnlyMemory<byte>> items, Func<JobId, string> locate)
{
    private const int Concurrency = 16;

    private readonly BatchItemAnswer[] _answers = new BatchItemAnswer[items.Count];

    public async Task<BatchAnswer> RunAsync(CancellationToken cancellationToken)
    {
        var valid = await CheckAsync(cancellationToken);
        var packed = valid.Where(item => jobs.MayTravelPacked(item.Request)).ToList();
        // Items with the same key are enqueued in order, so that the first of them becomes the job.
        var others = valid.Except(packed).GroupBy(
            item => item.Request.Key is { } key ? (item.Request.Type, key) : (item.Request.Type, $"\n{item.Index}"));
        await EnqueuePackedAsync(packed, cancellationToken);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(others, parallel, async (group, token) =>
        {
            foreach (var item in group)
                _answers[item.Index] = await EnqueueAsync(item.Request, token);
        });
        var accepted = _answers.Count(answer => answer.Status == StatusCodes.Status202Accepted);
        return new BatchAnswer(accepted, _answers.Length - accepted, _answers);
    }

    /// <summary>Gets the valid items and records a response for each invalid one.</summary>
    private async Task<List<Item>> CheckAsync(CancellationToken cancellationToken)
    {
        var valid = new List<Item>();
        for (var index = 0; index < items.Count; index++)
        {
            var (request, errors) = await ReadAsync(items[index], cancellationToken);
            if (errors.Count == 0)
                valid.Add(new Item(index, request!));
            else
                _answers[index] = Refusal(errors);
        }

        return valid;
    }

    private async Task<(JobRequest? Request, IReadOnlyList<ValidationError> Errors)> ReadAsync(
        ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        var errors = CheckedJson.Read<BatchItem>(json, out var item);
        if (item is null)
            return (null, errors);
        var delay = item.Delay is { } wanted && wanted >= TimeSpan.Zero && wanted <= JobLimits.MaxDelay ? wanted : TimeSpan.Zero;
        var request = item.ToRequest(item.Delay is null ? item.NotBefore : time.GetUtcNow() + delay);
        // Refreshes the known types before the validation, because only another live instance may have the handler.
        await jobs.KnowsAsync(request.Type, cancellationToken);
        return (request,
        [
            .. item.Delay is not null && item.NotBefore is not null
                ? [new ValidationError("delay", "can't be combined with 'notBefore'")]
                : Array.Empty<ValidationError>(),
            .. item.Delay is { } requested && requested != delay
                ? [new ValidationError("delay", $"must be from zero to {JobLimits.MaxDelay:c}")]
                : Array.Empty<ValidationError>(),
            .. jobs.Validate(request),
        ]);
    }

    private async Task EnqueuePackedAsync(List<Item> packed, CancellationToken cancellationToken)
    {
        if (packed.Count == 0)
            return;
        try
        {
            var results = await jobs.EnqueueManyAsync(packed.ConvertAll(item => item.Request), cancellationToken);
            for (var i = 0; i < packed.Count; i++)
                _answers[packed[i].Index] = Acceptance(results[i]);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            HttpLog.BatchItemsFailed(log, e, packed.Count);
            foreach (var item in packed)
                _answers[item.Index] = Failure();
        }
    }

    private async Task<BatchItemAnswer> EnqueueAsync(JobRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return Acceptance(await jobs.EnqueueAsync(request, cancellationToken));
        }
        catch (JobKeyConflictException e)
        {
            return Problem(
                StatusCodes.Status422UnprocessableEntity,
                "key-conflict",
                "The idempotency key belongs to a job with another payload",
                e.Message);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            HttpLog.BatchItemsFailed(log, e, 1);
            return Failure();
        }
    }

    private BatchItemAnswer Acceptance(EnqueueResult result) => new()
    {
        Status = StatusCodes.Status202Accepted, Id = result.Id, Location = locate(result.Id), IsDuplicate = result.IsDuplicate,
    };

    private static BatchItemAnswer Refusal(IReadOnlyList<ValidationError> errors) =>
        Problem(StatusCodes.Status400BadRequest, "invalid-request", "The item is not valid", string.Join("; ", errors)) with
        {
            Errors = Problems.Problem.ErrorsOf(errors),
        };

    private static BatchItemAnswer Failure() =>
        Problem(
            StatusCodes.Status500InternalServerError,
            "internal-error",
            "An unexpected error occurred",
            "The job may have been enqueued. Use an idempotency key to send it again safely.");

    private static BatchItemAnswer Problem(int status, string type, string title, string detail) =>
        new() { Status = status, Type = Problems.Problem.TypeOf(type), Title = title, Detail = detail };

    private readonly record struct Item(int Index, JobRequest Request);
}
