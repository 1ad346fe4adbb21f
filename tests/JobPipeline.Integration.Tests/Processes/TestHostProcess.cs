using System.Collections.Concurrent;
using JobPipeline.TestHost.Jobs;
using JobPipeline.TestTools.Processes;

namespace JobPipeline.Integration.Tests.Processes;

/// <summary>
/// The self-host with the test jobs, as a process that can be killed, stopped and started again. Its lease is one that a
/// starved machine does not lose; a test that kills sets a shorter one (<see cref="ShortLease"/>).
/// </summary>
internal sealed class TestHostProcess(string connection, string prefix, params string[] settings) : IDisposable
{
    /// <summary>For tests that wait until a dead worker's jobs are taken over, and bear that a living one loses a lease too.</summary>
    public const string ShortLease = "JobPipeline:Lease=00:00:05";

    private readonly string _startLog = Path.GetTempFileName();
    private HostProcess? _host;

    /// <summary>What it printed, over all its lives.</summary>
    public ConcurrentQueue<string> Output { get; } = new();

    /// <summary>Where the API asks for a key.</summary>
    public string? Key { get; init; }

    public Uri Address { get; } = HostProcess.FreeAddress();

    /// <summary>A line for each handler start: job id and attempt.</summary>
    public string[] Starts
    {
        get
        {
            using var reader = new StreamReader(new FileStream(_startLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }

    public async Task StartAsync() => _host = await HostProcess.StartAsync(
        [typeof(StartLog).Assembly.Location],
        [
            $"JobPipeline:Storage:ConnectionString={connection}",
            $"JobPipeline:Storage:Prefix={prefix}",
            "JobPipeline:Lease=00:02:00",
            $"TestHost:StartLog={_startLog}",
            .. settings,
        ],
        Address,
        Output.Enqueue,
        Key,
        TestContext.Current.CancellationToken);

    public void Kill()
    {
        _host!.Kill();
        _host.Dispose();
        _host = null;
    }

    /// <summary>Its exit code.</summary>
    public async Task<int> StopAsync()
    {
        var code = await _host!.StopAsync();
        _host.Dispose();
        _host = null;
        return code;
    }

    public void Dispose()
    {
        if (_host is not null)
            Kill();
        File.Delete(_startLog);
    }
}
