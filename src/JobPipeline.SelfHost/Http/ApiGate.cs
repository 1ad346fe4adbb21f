using System.Security.Claims;
using System.Security.Cryptography;
using System.Security.Principal;
using System.Text;
using JobPipeline.Http;
using JobPipeline.Http.Problems;
using JobPipeline.Http.Requests;
using Microsoft.Extensions.Options;

namespace JobPipeline.SelfHost.Http;

/// <summary>
/// Authorizes API requests. If keys are configured, a request must contain one; keys are compared in constant time. Without
/// keys, only programs on this machine are allowed: no web page (a browser sends an Origin that is not ours) and no host name
/// that was made to resolve to this machine (the Host must be a loopback one). The liveness probe is always allowed.
/// </summary>
internal sealed class ApiGate(RequestDelegate next, IOptions<HttpApiOptions> options)
{
    private static readonly string[] LoopbackHosts = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>The keys, hashed so that the time of a comparison reveals neither their length nor their content.</summary>
    private readonly (string Name, byte[] Hash)[] _keys = [.. options.Value.Keys.Select(key => (key.Key, Hash(key.Value)))];

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path.Equals("/" + ApiRoutes.Live, StringComparison.OrdinalIgnoreCase))
            return next(context);
        if (_keys.Length == 0)
        {
            return IsFromThisMachine(context.Request)
                ? next(context)
                : RefuseAsync(
                    context,
                    StatusCodes.Status403Forbidden,
                    "foreign-origin",
                    "Without keys, the API accepts requests only from programs on this machine, under a loopback host name and from no "
                        + "other web origin. To allow other callers, configure keys.");
        }

        if (FindKey(context.Request) is not { } key)
        {
            return RefuseAsync(
                context,
                StatusCodes.Status401Unauthorized,
                "key-missing",
                $"Send a key from {HttpApiOptions.Section}:Keys in the header '{ApiKey.Header}' or the query parameter '{ApiKey.Query}'.");
        }

        // The key's name appears in the audit log.
        context.User = new ClaimsPrincipal(new GenericIdentity($"key '{key}'"));
        if (context.Request.Headers[ApiKey.Header].Count == 0)
            GateIdentity.Keep(context, KeyInAddress(context.Request)!);
        return next(context);
    }

    private static bool IsFromThisMachine(HttpRequest request)
    {
        if (!LoopbackHosts.Contains(request.Host.Host, StringComparer.OrdinalIgnoreCase))
            return false;
        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0 || origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Finds the name of the key in the request; null if there is none or it is unknown.</summary>
    private string? FindKey(HttpRequest request)
    {
        var sent = request.Headers[ApiKey.Header].FirstOrDefault() ?? KeyInAddress(request);
        if (string.IsNullOrEmpty(sent))
            return null;
        var hash = Hash(sent);
        string? found = null;
        foreach (var (name, key) in _keys)
            found = CryptographicOperations.FixedTimeEquals(hash, key) ? name : found;
        return found;
    }

    private static string? KeyInAddress(HttpRequest request) => request.Query[ApiKey.Query].FirstOrDefault();

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private static Task RefuseAsync(HttpContext context, int status, string type, string detail) =>
        ApiErrors.Refused(status, type, detail).ExecuteAsync(context);
}
