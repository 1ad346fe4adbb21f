using System.Security.Cryptography;
using System.Text;
using JobPipeline.Http;
using Microsoft.Extensions.Options;

namespace JobPipeline.SelfHost.Http;

/// <summary>
/// Who may call. With keys configured: whoever sends one; compared in constant time. Without: this machine's own programs,
/// but no web page (a browser sends an Origin that is not ours) and nobody by a name that was made to point here (the
/// Host must be a loopback one). Liveness is open to all.
/// </summary>
internal sealed class ApiGate(RequestDelegate next, IOptions<HttpApiOptions> options)
{
    private const string KeyHeader = "x-functions-key";
    private const string KeyQuery = "code";
    private static readonly string[] LoopbackHosts = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>Hashed, so that neither length nor content shows in the time that a comparison takes.</summary>
    private readonly byte[][] _keys = [.. options.Value.Keys.Values.Select(Hash)];

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

        return HasKey(context.Request)
            ? next(context)
            : RefuseAsync(context, StatusCodes.Status401Unauthorized, "key-missing", $"Send one of the keys of {HttpApiOptions.Section}:Keys as header '{KeyHeader}' or as query '{KeyQuery}'.");
    }

    private static bool IsFromThisMachine(HttpRequest request)
    {
        if (!LoopbackHosts.Contains(request.Host.Host, StringComparer.OrdinalIgnoreCase))
            return false;
        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0 || origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }

    private bool HasKey(HttpRequest request)
    {
        var sent = request.Headers[KeyHeader].FirstOrDefault() ?? request.Query[KeyQuery].FirstOrDefault();
        if (string.IsNullOrEmpty(sent))
            return false;
        var hash = Hash(sent);
        var matches = false;
        foreach (var key in _keys)
            matches |= CryptographicOperations.FixedTimeEquals(hash, key);
        return matches;
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private static Task RefuseAsync(HttpContext context, int status, string type, string detail) =>
        Results.Problem(detail: detail, statusCode: status, type: $"urn:jobpipeline:problem:{type}").ExecuteAsync(context);
}
