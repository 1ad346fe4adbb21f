using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using JobPipeline.Integration.Tests.Support;
using JobPipeline.TestTools.Processes;

namespace JobPipeline.Integration.Tests.Monitoring;

/// <summary>One series of a query result: its labels and its value.</summary>
internal sealed record Sample(IReadOnlyDictionary<string, string> Labels, double Value);

/// <summary>A Prometheus process that scrapes a self-host every second with an API key.</summary>
internal sealed class PrometheusProcess : IAsyncDisposable
{
    private const string Program = "prometheus";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("prometheus-");
    private readonly ConcurrentQueue<string> _output = new();
    private readonly HttpClient _http = new() { BaseAddress = HostProcess.FreeAddress() };
    private Process? _process;

    private PrometheusProcess()
    {
    }

    /// <summary>Starts Prometheus and waits until it responds. Skips the test if Prometheus is not installed.</summary>
    /// <param name="host">The host to scrape.</param>
    /// <param name="key">An API key of the host.</param>
    /// <param name="rules">The rules file, or null for none.</param>
    /// <exception cref="InvalidOperationException">Prometheus did not start; the message contains its output.</exception>
    public static async Task<PrometheusProcess> StartAsync(Uri host, string key, string? rules = null)
    {
        RequiredTool.Require(Program);
        var prometheus = new PrometheusProcess();
        try
        {
            prometheus.Launch(host, key, rules);
            await prometheus.WaitUntilReadyAsync();
            return prometheus;
        }
        catch
        {
            await prometheus.DisposeAsync();
            throw;
        }
    }

    /// <summary>Evaluates a PromQL query at a time; the default is now.</summary>
    public async Task<IReadOnlyList<Sample>> QueryAsync(string question, double? at = null)
    {
        var path = $"api/v1/query?query={Uri.EscapeDataString(question)}"
            + (at is { } time ? string.Create(CultureInfo.InvariantCulture, $"&time={time:f3}") : "");
        var answer = await _http.GetFromJsonAsync<JsonElement>(path, TestContext.Current.CancellationToken);
        return
        [
            .. answer.GetProperty("data").GetProperty("result").EnumerateArray().Select(series => new Sample(
                series.GetProperty("metric")
                    .EnumerateObject()
                    .ToDictionary(label => label.Name, label => label.Value.GetString()!, StringComparer.Ordinal),
                double.Parse(series.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture))),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            // Its data is deleted with it.
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
            _process.Dispose();
        }

        _http.Dispose();
        _folder.Delete(recursive: true);
    }

    private void Launch(Uri host, string key, string? rules)
    {
        var configuration = Path.Combine(_folder.FullName, "prometheus.yml");
        File.WriteAllText(configuration, $"""
            global:
              scrape_interval: 1s
              evaluation_interval: 1s
            rule_files: [{(rules is null ? "" : $"'{rules}'")}]
            scrape_configs:
              - job_name: jobpipeline
                params:
                  code: ["{key}"]
                static_configs:
                  - targets: ["{host.Authority}"]
            """);
        var start = new ProcessStartInfo(Program)
        {
            ArgumentList =
            {
                $"--config.file={configuration}",
                $"--storage.tsdb.path={Path.Combine(_folder.FullName, "data")}",
                $"--web.listen-address={_http.BaseAddress!.Authority}",
            },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private Task WaitUntilReadyAsync() => Eventually.TrueAsync(
        () => _process!.HasExited
            ? throw new InvalidOperationException($"Prometheus has ended. It printed:\n{string.Join('\n', _output)}")
            : IsReadyAsync(),
        $"Prometheus answers at {_http.BaseAddress}");

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri("-/ready", UriKind.Relative), TestContext.Current.CancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
