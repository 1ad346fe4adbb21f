using JobPipeline.AzureStorage.Start;
using JobPipeline.SelfHost.Http;

namespace JobPipeline.SelfHost;

/// <summary>
/// Knows whether the start is over. Until then the web server and the host keep still about exceptions: each would print a
/// stack trace of what is said in one line afterwards.
/// </summary>
internal sealed class StartProgress
{
    private volatile bool _isComplete;
    private bool _isListening;
    private string? _url;

    /// <summary>From here on the address may be what fails.</summary>
    /// <param name="url">The address of the settings; null where the web server's own section says where to listen.</param>
    public void BeginToListen(string? url) => (_isListening, _url) = (true, url);

    public void Complete() => _isComplete = true;

    public void Silence(ILoggingBuilder logging)
    {
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", level => _isComplete && level >= LogLevel.Warning);
        logging.AddFilter("Microsoft.Extensions.Hosting", level => level < LogLevel.Error || _isComplete);
    }

    /// <summary>Null: a defect, or an exception of a host that had started.</summary>
    public StartUpError? Explain(Exception error)
    {
        if (_isComplete)
            return null;
        return _isListening && ListenFault.Of(error, _url) is { } fault ? new StartUpError(StartUpError.Misconfigured, [fault])
            : StartUpError.Of(error);
    }
}
