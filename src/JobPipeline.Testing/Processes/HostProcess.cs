using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace JobPipeline.Testing.Processes;

/// <summary>A self-host in a process of its own.</summary>
public sealed class HostProcess : IDisposable
{
    // For one that hangs: a busy machine may take long.
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(5);

    private readonly Process _process;

    private HostProcess(Process process, Uri address) => (_process, Address) = (process, address);

    public int ProcessId => _process.Id;

    /// <summary>Where its API answers.</summary>
    public Uri Address { get; }

    /// <summary>Starts it and waits until it takes jobs.</summary>
    /// <param name="program">The program's library and its first arguments.</param>
    /// <param name="settings">As <c>name=value</c>.</param>
    /// <param name="address">Where its API shall answer.</param>
    /// <param name="output">Gets what it prints, line by line.</param>
    /// <param name="key">A key of its API, where it asks for one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">It ended instead of starting, or took too long.</exception>
    public static async Task<HostProcess> StartAsync(
        IEnumerable<string> program, IEnumerable<string> settings, Uri address, Action<string> output, string? key = null, CancellationToken cancellationToken = default)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in program.Concat(settings.Append($"JobPipeline:Http:Url={address.GetLeftPart(UriPartial.Authority)}").Select(setting => "--" + setting)))
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
            host.Kill();
            host.Dispose();
            throw;
        }
    }

    /// <summary>An address on this machine that nobody uses just now.</summary>
    public static Uri FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }

    /// <summary>As a crash would.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>As a service manager would; returns its exit code when it has ended.</summary>
    public async Task<int> StopAsync()
    {
        await ProcessSignal.TerminateAsync(_process);
        return await WaitAsync();
    }

    /// <summary>Waits until it has ended by itself.</summary>
    public async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public void Dispose() => _process.Dispose();

    private static void Pass(string? line, Action<string> output)
    {
        if (line is not null)
            output(line);
    }

    /// <summary>An address that stands for all of this machine's can't be called.</summary>
    private static Uri Reachable(Uri address) => address.Host switch
    {
        "0.0.0.0" => new UriBuilder(address) { Host = "127.0.0.1" }.Uri,
        "[::]" => new UriBuilder(address) { Host = "[::1]" }.Uri,
        _ => address,
    };

    private async Task WaitUntilReadyAsync(string? key, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = Reachable(Address) };
        var last = "it refused the connection";
        if (key is not null)
            http.DefaultRequestHeaders.Add("x-functions-key", key);
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"The host ended with code {_process.ExitCode} instead of starting; what it printed says why.");
            if (TimeProvider.System.GetElapsedTime(started) > StartLimit)
                throw new InvalidOperationException($"The host was not ready at {Address} within {StartLimit}; at last {last}.");
            try
            {
                using var answer = await http.GetAsync(new Uri("health/ready", UriKind.Relative), cancellationToken);
                if (answer.IsSuccessStatusCode)
                    return;
                last = $"health/ready answered {(int)answer.StatusCode}";
            }
            catch (HttpRequestException e) when (e.InnerException is System.Security.Authentication.AuthenticationException)
            {
                // It speaks TLS with a certificate that this machine does not trust: it listens, and no more is to be seen from here.
                return;
            }
            catch (HttpRequestException e) when (e.InnerException is SocketException or IOException)
            {
                // Not listening yet.
                await Task.Yield();
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
        }
    }
}
