using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using JobPipeline.BuiltIn.Web.Connections;

namespace JobPipeline.BuiltIn.Web.Outbound;

/// <summary>The trusted certificate authorities. By default those that the operating system trusts.</summary>
internal sealed record TlsTrust(X509Certificate2Collection? Authorities = null);

/// <summary>
/// The connection pools: one for each named connection and one for requests without, so that a peer that ties an identity to a TCP
/// connection never sees two identities on one.
/// </summary>
internal sealed class OutboundPools(OutboundDialer dialer, TlsTrust trust) : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    // An address is resolved and checked again at least this often.
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
    /// Creates a handler that cannot bypass the checks: no proxy that connects instead, no redirects, and no cookies or credentials
    /// shared between jobs. Responses are not decompressed, so that a few bytes can't expand to many.
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
