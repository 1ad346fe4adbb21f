using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using JobPipeline.BuiltIn.Web.Outbound;

namespace JobPipeline.BuiltIn.Alerts;

/// <summary>Validates the certificates of mail servers against the authorities that are also used for web servers.</summary>
internal sealed class MailTrust(TlsTrust trust)
{
    /// <summary>The validation callback, or null to use the operating system's validation.</summary>
    public RemoteCertificateValidationCallback? Callback => trust.Authorities is { } authorities
        ? (_, certificate, _, errors) =>
            (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None && IsIssuedBy(authorities, certificate)
        : null;

    private static bool IsIssuedBy(X509Certificate2Collection authorities, X509Certificate? certificate)
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
