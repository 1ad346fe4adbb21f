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
/// Who may call. With keys configured: whoever sends one; compared in constant time. Without: this machine's own programs,
/// but no web page (a browser sends an Origin that is not ours) and nobody by a name that was made to point here (the
/// Host must be a loopback one). Liveness is open to all.
/// </summary>
internal sealed class ApiGate(RequestDelegate next, IOptions<HttpApiOptions> options)
{
    private static readonly string[] LoopbackHosts = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>Hashed, so that neither length nor content shows in the time that a comparison takes.</summary>
    private readonly (string Name, byte[] Hash)[] _keys = [.. options.Value.Keys.Select(key => (key.Key, Hash(key.Value)))];

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path.Equals("/" + ApiRoutes.Live, StringComparison.OrdinalIgnoreCase))
            return next(context);
        if (_keys.Length == 0)
        {
            return IsFromThisMachine(context.Request)
                ? next(context)
                : RefuseAsync(context, StatusCodes.Status403Forbidden, "foreign-origin", "Without keys the API answers programs on this machine only: no other host name, and no web page of another origin.");
        }

        if (FindKey(context.Request) is not { } key)
        {
            return RefuseAsync(
                context,
                StatusCodes.Status401Unauthorized,
                "key-missing",
                $"Send one of the keys of {HttpApiOptions.Section}:Keys as header '{ApiKey.Header}' or as query '{ApiKey.Query}'.");
        }

        // Whose key it was: the audit log names it.
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

    /// <summary>Null: no key that is known here.</summary>
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
