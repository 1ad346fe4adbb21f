using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace JobPipeline.TestTools.Processes;

/// <summary>A self-host that runs in a process of its own.</summary>
internal sealed class HostProcess : IDisposable
{
    // A long limit, for hosts that hang: starting may take long on a busy machine.
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(5);

    // Short, because the benchmark measures the start with it.
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(25);

    private readonly Process _process;

    private HostProcess(Process process, Uri address) => (_process, Address) = (process, address);

    public int ProcessId => _process.Id;

    /// <summary>The physical memory that the process holds.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>The address of the API.</summary>
    public Uri Address { get; }

    /// <summary>Starts a host and waits until it is ready.</summary>
    /// <param name="program">The path of the program's assembly and its first arguments.</param>
    /// <param name="settings">The settings, as <c>name=value</c>.</param>
    /// <param name="address">The address of the API.</param>
    /// <param name="output">Receives the console output, line by line.</param>
    /// <param name="key">The API key, if the API requires one.</param>
    /// <param name="launcher">The command that runs <c>dotnet</c>, such as one that limits its resources; null for none.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <exception cref="InvalidOperationException">The host exited before it was ready, or took too long.</exception>
    public static async Task<HostProcess> StartAsync(
        IEnumerable<string> program,
        IEnumerable<string> settings,
        Uri address,
        Action<string> output,
        string? key = null,
        IReadOnlyList<string>? launcher = null,
        CancellationToken cancellationToken = default)
    {
        string[] command = [.. launcher ?? [], "dotnet"];
        var start = new ProcessStartInfo(command[0])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        var all = settings.Append($"JobPipeline:Http:Url={address.GetLeftPart(UriPartial.Authority)}");
        foreach (var argument in command.Skip(1).Concat(program).Concat(all.Select(setting => "--" + setting)))
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Pass(line.Data, output);
        process.ErrorDataReceived += (_, line) => Pass(line.Data, output);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var host = new HostProcess(process, address);
        try
        {
            await host.WaitUntilReadyAsync(key, cancellationToken);
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>Finds an address on this machine that is currently free.</summary>
    public static Uri FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }

    /// <summary>Kills the process, as a crash does.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Stops the process with SIGTERM, as a service manager does. Returns its exit code.</summary>
    public async Task<int> StopAsync()
    {
        await ProcessSignal.TerminateAsync(_process);
        return await WaitAsync();
    }

    /// <summary>Waits until the process exits by itself. Returns its exit code.</summary>
    public async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>Kills the process if it is still running.</summary>
    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private static void Pass(string? line, Action<string> output)
    {
        if (line is not null)
            output(line);
    }

    /// <summary>Replaces an address that stands for all interfaces, which can't be called, with the loopback address.</summary>
    private static Uri Reachable(Uri address) => address.Host switch
    {
        "0.0.0.0" => new UriBuilder(address) { Host = "127.0.0.1" }.Uri,
        "[::]" => new UriBuilder(address) { Host = "[::1]" }.Uri,
        _ => address,
    };

    private async Task WaitUntilReadyAsync(string? key, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = Reachable(Address) };
        var last = "the connection was refused";
        if (key is not null)
            http.DefaultRequestHeaders.Add("x-functions-key", key);
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException(
                    $"The host exited with code {_process.ExitCode} before it was ready; see its console output.");
            }

            if (TimeProvider.System.GetElapsedTime(started) > StartLimit)
                throw new InvalidOperationException($"The host was not ready at {Address} within {StartLimit}; last result: {last}.");
            try
            {
                using var answer = await http.GetAsync(new Uri("health/ready", UriKind.Relative), cancellationToken);
                if (answer.IsSuccessStatusCode)
                    return;
                last = $"health/ready returned {(int)answer.StatusCode}";
            }
            catch (HttpRequestException e) when (e.InnerException is System.Security.Authentication.AuthenticationException)
            {
                // The host uses TLS with a certificate that this machine does not trust. It is listening; its readiness can't be
                // checked from here.
                return;
            }
            catch (HttpRequestException e) when (e.InnerException is SocketException or IOException)
            {
                // Not listening yet.
                await Task.Yield();
            }

            await Task.Delay(PollInterval, TimeProvider.System, cancellationToken);
        }
    }
}
