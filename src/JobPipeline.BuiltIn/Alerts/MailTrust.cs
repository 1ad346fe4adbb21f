using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using JobPipeline.BuiltIn.Web.Outbound;

namespace JobPipeline.BuiltIn.Alerts;

/// <summary>Whose certificates are believed of a mail server: the same authorities as of a web server.</summary>
internal sealed class MailTrust(TlsTrust trust)
{
    /// <summary>Null: the operating system judges.</summary>
    public RemoteCertificateValidationCallback? Callback => trust.Authorities is { } authorities
        ? (_, certificate, _, errors) => (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None && IsOf(authorities, certificate)
        : null;

    private static bool IsOf(X509Certificate2Collection authorities, X509Certificate? certificate)
    {
        if (certificate is not X509Certificate2 given)
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        return chain.Build(given);
    }
}
