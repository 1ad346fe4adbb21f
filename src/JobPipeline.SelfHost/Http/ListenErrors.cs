using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;

namespace JobPipeline.SelfHost.Http;

/// <summary>Explains in one line, which names the setting, why the API can't listen on the configured address. Pure.</summary>
internal static class ListenErrors
{
    private const string Setting = $"{HttpApiOptions.Section}:{nameof(HttpApiOptions.Url)}";

    /// <summary>Explains a failed start; null if the address is not the reason.</summary>
    /// <param name="error">The exception that the start threw.</param>
    /// <param name="url">The configured address; null if the web server's own section specifies it.</param>
    public static string? Of(Exception error, string? url)
    {
        // A storage client that could not connect also throws a socket error.
        if (error is Azure.RequestFailedException or AggregateException)
            return null;
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            var refused = cause is AddressInUseException ? SocketError.AddressAlreadyInUse : (cause as SocketException)?.SocketErrorCode;
            if (refused is { } code)
                return url is null
                    ? $"An address of Kestrel:Endpoints can't be bound: {OneLine(error.Message)}"
                    : Explain(code, url);
        }

        return url?.StartsWith("https:", StringComparison.OrdinalIgnoreCase) == true ? OfCertificate(error, url) : null;
    }

    /// <summary>Explains why the operating system rejects an address.</summary>
    public static string Explain(SocketError error, string url)
    {
        var address = new Uri(url);
        return $"{Setting} is '{url}', but " + error switch
        {
            SocketError.AddressAlreadyInUse =>
                $"port {address.Port} is in use by another program. Stop that program, or set {Setting} to a free port, for example "
                    + $"{WithPort(address, Next(address.Port))}.",
            SocketError.AccessDenied =>
                $"this account is not allowed to listen on port {address.Port}. Set {Setting} to a port of 1024 or above, for example "
                    + $"{WithPort(address, 7071)}, or grant the process CAP_NET_BIND_SERVICE.",
            SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported =>
                $"{address.Host} is not an address of this machine. Set {Setting} to one that is: http://127.0.0.1:{address.Port} for this "
                    + $"machine only, http://0.0.0.0:{address.Port} for all its addresses.",
            _ => $"this machine can't listen there ({error}). Set {Setting} to another address.",
        };
    }

    private static string? OfCertificate(Exception error, string url) => error switch
    {
        InvalidOperationException when error.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase) =>
            $"{Setting} is '{url}', but no certificate is configured. Set Kestrel:Certificates:Default:Path and :Password to a certificate "
                + "file, or listen on http: behind a proxy that terminates TLS.",
        CryptographicException or IOException or UnauthorizedAccessException =>
            $"{Setting} is '{url}', but the certificate in Kestrel:Certificates:Default can't be loaded: {OneLine(error.Message)}",
        _ => null,
    };

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").Trim();

    private static int Next(int port) => port < 65535 ? port + 1 : 7071;

    private static string WithPort(Uri address, int port) => $"{address.Scheme}://{address.Host}:{port}";
}
