using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using JobPipeline.BuiltIn.Web.Connections;

namespace JobPipeline.BuiltIn.Web.Outbound;

/// <summary>Whose certificates are believed. Default: the authorities that the operating system trusts.</summary>
internal sealed record TlsTrust(X509Certificate2Collection? Authorities = null);

/// <summary>
/// The pools of open connections: one for each named connection and one for the requests without, so that no peer that
/// ties an identity to a TCP connection sees two of them on one.
/// </summary>
internal sealed class OutboundPools(OutboundDialer dialer, TlsTrust trust) : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    // An address is looked up, and judged, anew at least this often.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(30);
    private const int MaxHeaderKilobytes = 32;

    private readonly ConcurrentDictionary<string, Lazy<HttpMessageInvoker>> _pools = new(StringComparer.OrdinalIgnoreCase);

    public HttpMessageInvoker For(WebConnection? connection) =>
        _pools.GetOrAdd(connection?.Name ?? "", _ => new Lazy<HttpMessageInvoker>(() => new HttpMessageInvoker(NewHandler()))).Value;

    public void Dispose()
    {
        foreach (var pool in _pools.Values)
            pool.Value.Dispose();
    }

    /// <summary>
    /// Nothing may happen behind the back of the checks: no proxy that would dial instead, no redirect, no cookie or
    /// credential that one job leaves to another. Nothing is decompressed either: a few bytes can't become many.
    /// </summary>
    internal SocketsHttpHandler NewHandler() => new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectCallback = dialer.DialAsync,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = Lifetime,
        PooledConnectionIdleTimeout = IdleTimeout,
        MaxResponseHeadersLength = MaxHeaderKilobytes,
        SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = ChainPolicy() },
    };

    private X509ChainPolicy? ChainPolicy()
    {
        if (trust.Authorities is null)
            return null;
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(trust.Authorities);
        return policy;
    }
}
