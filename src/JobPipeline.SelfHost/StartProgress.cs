using JobPipeline.AzureStorage.Start;
using JobPipeline.SelfHost.Http;

namespace JobPipeline.SelfHost;

/// <summary>
/// Tracks whether the start is complete. Until then the web server and the host log no exceptions, because each would print a
/// stack trace for an error that is then reported in one line.
/// </summary>
internal sealed class StartProgress
{
    private volatile bool _isComplete;
    private bool _isListening;
    private string? _url;

    /// <summary>Marks that the web server starts to listen, so that a failure may be caused by the address.</summary>
    /// <param name="url">The configured address; null if the web server's own section specifies it.</param>
    public void BeginToListen(string? url) => (_isListening, _url) = (true, url);

    public void Complete() => _isComplete = true;

    public void Silence(ILoggingBuilder logging)
    {
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", level => _isComplete && level >= LogLevel.Warning);
        logging.AddFilter(
            "Microsoft.Extensions.Hosting", level => level >= LogLevel.Information && (level < LogLevel.Error || _isComplete));
    }

    /// <summary>Explains a failed start. Returns null for a defect, and for an exception after the start.</summary>
    public StartUpError? Explain(Exception error)
    {
        if (_isComplete)
            return null;
        return _isListening && ListenErrors.Of(error, _url) is { } why
            ? new StartUpError(StartUpError.Misconfigured, [why])
            : StartUpError.Of(error);
    }
}
