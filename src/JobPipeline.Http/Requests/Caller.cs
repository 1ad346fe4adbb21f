using System.Net;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Http.Requests;

/// <summary>
/// Who asks, for the audit log and for what is kept of a request: one line of at most <see cref="MaxLength"/> characters. Only
/// what the host vouches for counts; a header that anybody can send does not.
/// </summary>
internal static class Caller
{
    public const int MaxLength = 200;

    private const string Unknown = "an unknown caller";

    /// <summary>Claims that tell who somebody without a name is: a program that has signed in, by its id.</summary>
    private static readonly string[] IdClaims = [ClaimTypes.NameIdentifier, "sub", "appid", "azp", "oid"];

    /// <summary>Whoever the host has recognised, else where the request came from.</summary>
    public static string Of(HttpRequest request) =>
        Line(request.HttpContext.RequestServices?.GetService<IRequestIdentity>()?.FindCaller(request))
        ?? Line(NameOf(request.HttpContext.User))
        ?? AddressOf(request.HttpContext.Connection.RemoteIpAddress);

    /// <summary>Null: nobody has signed in.</summary>
    public static string? NameOf(ClaimsPrincipal user)
    {
        var identity = user.Identities.FirstOrDefault(one => one.IsAuthenticated);
        return identity is null || !string.IsNullOrWhiteSpace(identity.Name)
            ? identity?.Name
            : IdClaims.Select(type => identity.FindFirst(type)?.Value).FirstOrDefault(id => !string.IsNullOrWhiteSpace(id));
    }

    private static string AddressOf(IPAddress? address) =>
        address is null ? Unknown
        : IPAddress.IsLoopback(address) ? "a program on this machine"
        : (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();

    /// <summary>On one line: what could forge a second one, or hide, is left out. Null: nothing is left.</summary>
    private static string? Line(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var line = new StringBuilder(Math.Min(text.Length, MaxLength));
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsHidden(rune))
                continue;
            if (line.Length + rune.Utf16SequenceLength > MaxLength)
                break;
            line.Append(rune);
        }

        var shown = line.ToString().Trim();
        return shown.Length > 0 ? shown : null;
    }

    /// <summary>Half a surrogate pair counts as U+FFFD here.</summary>
    private static bool IsHidden(Rune rune) => rune == Rune.ReplacementChar || Rune.GetUnicodeCategory(rune) is
        System.Globalization.UnicodeCategory.Control
        or System.Globalization.UnicodeCategory.Format
        or System.Globalization.UnicodeCategory.LineSeparator
        or System.Globalization.UnicodeCategory.ParagraphSeparator;
}
