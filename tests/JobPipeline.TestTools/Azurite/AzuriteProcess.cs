using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using JobPipeline.TestTools.Processes;

namespace JobPipeline.TestTools.Azurite;

/// <summary>
/// A private Azurite process, run from <c>node_modules</c> (run <c>npm ci</c> first). It listens only on the loopback address and
/// stores its data in a folder.
/// </summary>
internal sealed class AzuriteProcess : IAsyncDisposable
{
    private const string Account = "devstoreaccount1";

    // The emulator's published key, which is the same for everyone and not a secret.
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private const int MaxStarts = 3;
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(1);

    private readonly AzuritePorts _ports;
    private readonly string _folder;
    private readonly bool _ownsFolder;
    private Process _process;

    private AzuriteProcess(AzuritePorts ports, string folder, bool ownsFolder)
    {
        (_ports, _folder, _ownsFolder) = (ports, folder, ownsFolder);
        _process = Launch();
    }

    /// <summary>The connection string for clients.</summary>
    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};"
        + $"BlobEndpoint=http://127.0.0.1:{_ports.Blob}/{Account};"
        + $"QueueEndpoint=http://127.0.0.1:{_ports.Queue}/{Account};"
        + $"TableEndpoint=http://127.0.0.1:{_ports.Table}/{Account};";

    /// <summary>The id of the process, for tests that kill it.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Starts an Azurite process and waits until it accepts connections.</summary>
    /// <param name="ports">The ports. The default is free ports.</param>
    /// <param name="folder">The data folder. The default is a new temporary folder, which is deleted on disposal.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <exception cref="InvalidOperationException">
    /// Azurite is not installed, or did not start; the message states what to do.
    /// </exception>
    public static async Task<AzuriteProcess> StartAsync(
        AzuritePorts? ports = null, string? folder = null, CancellationToken cancellationToken = default)
    {
        for (var start = 1; ; start++)
        {
            try
            {
                return await StartOnceAsync(ports ?? AzuritePorts.Free(), folder, cancellationToken);
            }
            catch (InvalidOperationException) when (ports is null && start < MaxStarts)
            {
                // Test projects run side by side: another one may take a free port before Azurite listens on it.
                continue;
            }
        }
    }

    private static async Task<AzuriteProcess> StartOnceAsync(AzuritePorts ports, string? folder, CancellationToken cancellationToken)
    {
        var azurite = new AzuriteProcess(
            ports, folder ?? Directory.CreateTempSubdirectory("azurite-").FullName, ownsFolder: folder is null);
        try
        {
            await azurite.WaitUntilUpAsync(cancellationToken);
            return azurite;
        }
        catch
        {
            await azurite.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Stops Azurite with SIGTERM, as a service manager does, so that it persists its data, and waits until it has exited.
    /// </summary>
    public async Task StopAsync()
    {
        if (_process.HasExited)
            return;
        await ProcessSignal.TerminateAsync(_process);
        using var timeout = new CancellationTokenSource(StopLimit, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>Restarts Azurite with the same ports and data.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        await StopAsync();
        _process.Dispose();
        _process = Launch();
        await WaitUntilUpAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
        if (_ownsFolder)
            Directory.Delete(_folder, recursive: true);
    }

    private Process Launch()
    {
        Directory.CreateDirectory(_folder);
        var start = new ProcessStartInfo("node")
        {
            ArgumentList =
            {
                "--require", Path.Combine(AppContext.BaseDirectory, "Azurite", "bound-to-parent.cjs"),
                AzuriteInstallation.Script(), "--silent", "--skipApiVersionCheck", "--disableTelemetry", "--location", _folder,
                "--blobHost", "127.0.0.1", "--blobPort", $"{_ports.Blob}",
                "--queueHost", "127.0.0.1", "--queuePort", $"{_ports.Queue}",
                "--tableHost", "127.0.0.1", "--tablePort", $"{_ports.Table}",
            },
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            var process = Process.Start(start)!;
            process.OutputDataReceived += static (_, _) => { };
            process.ErrorDataReceived += static (_, line) => Console.Error.Write(line.Data is null ? "" : $"azurite: {line.Data}\n");
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            return process;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new InvalidOperationException("Azurite needs Node.js ('node' on the PATH, version 20 or later).", e);
        }
    }

    private async Task WaitUntilUpAsync(CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        foreach (var port in new[] { _ports.Blob, _ports.Queue, _ports.Table })
        {
            while (!await AnswersAsync(port, cancellationToken))
            {
                if (_process.HasExited)
                {
                    throw new InvalidOperationException(
                        $"Azurite exited with code {_process.ExitCode} instead of starting on port {port}.");
                }

                if (TimeProvider.System.GetElapsedTime(started) > StartLimit)
                    throw new InvalidOperationException($"Azurite did not accept connections on port {port} within {StartLimit}.");
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
            }
        }
    }

    private static async Task<bool> AnswersAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
