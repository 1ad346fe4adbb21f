using System.Net;
using JobPipeline.Functions.StartUp;
using JobPipeline.Http.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace JobPipeline.Functions.Http;

/// <summary>
/// What is known of a request behind the Functions host. The host checks keys and forwards the request over loopback, with the
/// headers that it came with; whose key it was it does not pass on. So a header counts only where the platform sets it itself and
/// overwrites what a caller has sent: the signed-in principal where App Service authentication is on, the address where App
/// Service's front end stands before the host.
/// </summary>
internal sealed class FunctionsIdentity(IConfiguration configuration) : IRequestIdentity
{
    /// <summary>App Service sets it to True where its authentication is on; it removes these headers from requests then.</summary>
    private const string SignIn = "WEBSITE_AUTH_ENABLED";

    private const string PrincipalName = "X-MS-CLIENT-PRINCIPAL-NAME";
    private const string PrincipalId = "X-MS-CLIENT-PRINCIPAL-ID";
    private const string ForwardedFor = "X-Forwarded-For";

    /// <summary>The name of the key, as the host claims it for functions that run in its own process.</summary>
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
        // Whoever the app's own middleware has recognised.
        if (request.HttpContext.User.Identity is { IsAuthenticated: true })
            return null;
        return (_hasFrontEnd ? LastOf(request.Headers[ForwardedFor]) : null) ?? Unknown;
    }

    /// <summary>The host has let the request in: by the header where there is one, else by the query.</summary>
    public string? FindKeyInAddress(HttpRequest request) =>
        request.Headers.ContainsKey(ApiKey.Header) ? null : TextOf(request.Query[ApiKey.Query]);

    private static string? TextOf(StringValues values) => values.FirstOrDefault(value => !string.IsNullOrWhiteSpace(value));

    /// <summary>The front end appends whom it has seen to what the caller wrote.</summary>
    private static string? LastOf(StringValues forwarded)
    {
        var last = forwarded.ToString().Split(',')[^1].Trim();
        if (!IPEndPoint.TryParse(last, out var seen))
            return null;
        return (seen.Address.IsIPv4MappedToIPv6 ? seen.Address.MapToIPv4() : seen.Address).ToString();
    }
}
