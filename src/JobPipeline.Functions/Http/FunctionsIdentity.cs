using System.Net;
using JobPipeline.Functions.StartUp;
using JobPipeline.Http.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace JobPipeline.Functions.Http;

/// <summary>
/// Identifies callers behind the Functions host. The host checks keys and forwards the request over loopback with its original
/// headers, but does not forward the key's name. A header is therefore trusted only if the platform sets it itself and
/// overwrites what a caller has sent: the signed-in principal if App Service authentication is enabled, and the address if App
/// Service's front end is in front of the host.
/// </summary>
internal sealed class FunctionsIdentity(IConfiguration configuration) : IRequestIdentity
{
    /// <summary>
    /// App Service sets this to True if its authentication is enabled; it then removes these headers from incoming requests.
    /// </summary>
    private const string SignIn = "WEBSITE_AUTH_ENABLED";

    private const string PrincipalName = "X-MS-CLIENT-PRINCIPAL-NAME";
    private const string PrincipalId = "X-MS-CLIENT-PRINCIPAL-ID";
    private const string ForwardedFor = "X-Forwarded-For";

    /// <summary>The claim with the key's name, which the host adds for functions in its own process.</summary>
    private const string KeyName = "http://schemas.microsoft.com/2017/07/functions/claims/keyid";

    private const string Unknown = "a caller of the Functions host";

    private readonly bool _hasSignIn = bool.TryParse(configuration[SignIn], out var isOn) && isOn;
    private readonly bool _hasFrontEnd = SiteAddress.IsOnAppService(configuration);

    public string? FindCaller(HttpRequest request)
    {
        if (_hasSignIn && (TextOf(request.Headers[PrincipalName]) ?? TextOf(request.Headers[PrincipalId])) is { } principal)
            return principal;
        if (request.HttpContext.User.FindFirst(KeyName)?.Value is { Length: > 0 } key)
            return $"key '{key}'";
        // The app's own middleware has authenticated the caller.
        if (request.HttpContext.User.Identity is { IsAuthenticated: true })
            return null;
        return (_hasFrontEnd ? LastOf(request.Headers[ForwardedFor]) : null) ?? Unknown;
    }

    /// <summary>
    /// Gets the key in the query, unless a key header is present, which takes precedence. The host has already checked it.
    /// </summary>
    public string? FindKeyInAddress(HttpRequest request) =>
        request.Headers.ContainsKey(ApiKey.Header) ? null : TextOf(request.Query[ApiKey.Query]);

    private static string? TextOf(StringValues values) => values.FirstOrDefault(value => !string.IsNullOrWhiteSpace(value));

    /// <summary>Gets the last address, which is the one that the front end has observed and appended to the caller's own value.</summary>
    private static string? LastOf(StringValues forwarded)
    {
        var last = forwarded.ToString().Split(',')[^1].Trim();
        if (!IPEndPoint.TryParse(last, out var seen))
            return null;
        return (seen.Address.IsIPv4MappedToIPv6 ? seen.Address.MapToIPv4() : seen.Address).ToString();
    }
}
