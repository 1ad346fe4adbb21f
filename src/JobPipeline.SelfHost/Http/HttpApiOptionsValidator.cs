using System.Net;
using Microsoft.Extensions.Options;

namespace JobPipeline.SelfHost.Http;

/// <summary>Checks the address and the keys; an API without keys must not be reachable from other machines.</summary>
internal sealed class HttpApiOptionsValidator : IValidateOptions<HttpApiOptions>
{
    public ValidateOptionsResult Validate(string? name, HttpApiOptions options)
    {
        if (!Uri.TryCreate(options.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.PathAndQuery != "/")
            return ValidateOptionsResult.Fail(
                $"{HttpApiOptions.Section}:Url is '{options.Url}', which is not an address such as http://127.0.0.1:7071");
        var tooShort = options.Keys.FirstOrDefault(key => key.Value is not { Length: >= HttpApiOptions.MinKeyLength });
        if (tooShort.Key is not null)
            return ValidateOptionsResult.Fail(
                $"{HttpApiOptions.Section}:Keys:{tooShort.Key} has fewer than {HttpApiOptions.MinKeyLength} characters");
        if (options.Keys.Count == 0 && !IsLoopback(url))
        {
            return ValidateOptionsResult.Fail(
                $"{HttpApiOptions.Section}:Url is '{options.Url}', which other machines can reach, but {HttpApiOptions.Section}:Keys is "
                    + $"empty; set a key, or listen on http://127.0.0.1:{url.Port}");
        }

        return ValidateOptionsResult.Success;
    }

    /// <summary>Whether the address is local. Names are not resolved: only "localhost" and loopback addresses are trusted.</summary>
    private static bool IsLoopback(Uri url) =>
        url.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
