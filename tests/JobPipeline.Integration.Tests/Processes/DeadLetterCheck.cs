using System.Text.Json;
using Azure.Data.Tables;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;

namespace JobPipeline.Integration.Tests.Processes;

/// <summary>Checks that the stored rows of a job explain its dead letter.</summary>
internal static class DeadLetterCheck
{
    /// <summary>The attempts of every job type of the test host, unless the job specifies its own.</summary>
    private const int MaxAttempts = 3;

    public static IEnumerable<string> Find(DeadLetter deadLetter, TableEntity record, List<TableEntity> attempts, int maxDeaths)
    {
        if (record.GetString("DeadLetterReason") != deadLetter.Reason.ToString())
            yield return $"says {deadLetter.Reason}, while the record says {record.GetString("DeadLetterReason")}";
        if (attempts.Exists(attempt => attempt.GetString("State") != "Failed"))
            yield return "exists although not all attempts failed";
        var errors = attempts.ConvertAll(attempt => JsonSerializer.Deserialize<AttemptError>(attempt.GetString("Error"))!);
        if (!deadLetter.Errors.Select(error => error.At).SequenceEqual(errors.Select(error => error.At)))
            yield return $"has {deadLetter.Errors.Count} errors, while {errors.Count} attempts have one";
        if (Unexplained(deadLetter.Reason, attempts, errors, maxDeaths) is { } fault)
            yield return fault;
    }

    private static string? Unexplained(DeadLetterReason reason, List<TableEntity> attempts, List<AttemptError> errors, int maxDeaths) =>
        reason switch
    {
        DeadLetterReason.AttemptsExhausted when attempts.Count == MaxAttempts
            && errors.TrueForAll(error => error.Kind is not ErrorKind.Permanent) =>
            null,
        DeadLetterReason.AttemptsExhausted => $"says that all attempts failed, of which there are {attempts.Count}",
        DeadLetterReason.PermanentFailure when errors[^1].Kind == ErrorKind.Permanent => null,
        DeadLetterReason.PermanentFailure => $"says that it failed for good, while its last error is {errors[^1].Kind}",
        DeadLetterReason.KilledItsWorker when attempts[^1].GetInt32("Deaths") >= maxDeaths => null,
        DeadLetterReason.KilledItsWorker => $"says that it killed its workers, of which {attempts[^1].GetInt32("Deaths")} died",
        _ => $"should not be there: {reason}",
    };
}
