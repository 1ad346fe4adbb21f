using System.Collections.Concurrent;
using JobPipeline.Integration.Tests.Support;
using JobPipeline.TestHost.Jobs;
using JobPipeline.TestTools.Processes;

namespace JobPipeline.Integration.Tests.Processes;

/// <summary>
/// The self-host with the test jobs, as a process that can be killed, stopped and started again. Its lease is long enough for
/// an overloaded machine; a test that kills processes sets a shorter one (<see cref="ShortLease"/>).
/// </summary>
internal sealed class TestHostProcess(string connection, string prefix, params string[] settings) : IDisposable
{
    /// <summary>For tests that wait until a dead worker's jobs are taken over, and tolerate that a living one also loses a lease.</summary>
    public const string ShortLease = "JobPipeline:Lease=00:00:05";

    private readonly string _startLog = Path.GetTempFileName();
    private HostProcess? _host;

    /// <summary>The output of the process, across restarts.</summary>
    public ConcurrentQueue<string> Output { get; } = new();

    /// <summary>The API key, if the API requires one.</summary>
    public string? Key { get; init; }

    /// <summary>The control group to start in; null for that of the tests.</summary>
    public MemoryGroup? Group { get; init; }

    public Uri Address { get; } = HostProcess.FreeAddress();

    /// <summary>One line per handler start: job id and attempt.</summary>
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
        Group?.Launcher,
        TestContext.Current.CancellationToken);

    /// <summary>Waits until the process exits by itself. Returns its exit code.</summary>
    public Task<int> WaitAsync() => _host!.WaitAsync();

    public void Kill()
    {
        _host!.Kill();
        _host.Dispose();
        _host = null;
    }

    /// <summary>Sends SIGTERM and returns the exit code.</summary>
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
