using System;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Generated;

/// <summary>A script that uses the generated client; the compiler checks its types and names when the test builds it.</summary>
public static class ClientScript
{
    public static async Task RunAsync(HttpClient http, CancellationToken token)
    {
        var api = new JobsClient(http);

        var submitted = await api.SubmitTestFamilyAsync(
            body: new TestFamilyPayload { Children = 2, Name = "ada" },
            delay: "01:00:00",
            tag: new[] { "generated" },
            cancellationToken: token);
        var job = await api.GetJobAsync(submitted.Id, token);
        Require(job.State == JobState.Scheduled, "it is scheduled");
        Require(job.WaitsFor!.Single().Kind == "due-time", "it waits for its time");

        var listed = await api.ListJobsAsync(state: JobState.Scheduled, tag: "generated", limit: 10, cancellationToken: token);
        Require(listed.Jobs.Any(found => found.Id == submitted.Id), "it is listed");

        var cancelled = await api.CancelJobAsync(submitted.Id, new CancelRequest { Reason = "generated" }, token);
        Require(cancelled.Outcome == CancelOutcome.Cancelled, "it is cancelled");
        try
        {
            await api.GetJobAsync(Guid.CreateVersion7(DateTimeOffset.UnixEpoch), token);
            Require(false, "an unknown job is not found");
        }
        catch (ApiException<ProblemView> e)
        {
            Require(e.StatusCode == 404 && e.Result.Type == "urn:jobpipeline:problem:job-not-found", "the problem is typed");
        }

        try
        {
            await api.SubmitTestFamilyAsync(body: new TestFamilyPayload { Children = 11, Name = "far too long" }, cancellationToken: token);
            Require(false, "a bad payload is refused");
        }
        catch (ApiException<ProblemView> e)
        {
            Require(e.Result.Errors!.Keys.Order().SequenceEqual(new[] { "children", "name" }), "every validation error is reported");
        }

        var batch = await api.SubmitJobsAsync(
            new[] { new BatchItem { Type = "test.work", Payload = new { milliseconds = 1 } }, new BatchItem { Type = "nobody" } }, token);
        Require(batch.Accepted == 1 && batch.Refused == 1 && batch.Items.Last().Status == 400, "a batch is answered item by item");

        Require((await api.GetReadyAsync(token)).Status == "healthy", "it is ready");
    }

    private static void Require(bool condition, string what)
    {
        if (!condition)
            throw new InvalidOperationException("It is not so: " + what);
    }
}
