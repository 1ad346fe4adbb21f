using System.Net;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Http.Requests;

/// <summary>
/// Identifies the caller of a request, for the audit log and for records: one line of at most <see cref="MaxLength"/>
/// characters. Only identities that the host has verified are used; headers that any client can set are ignored.
/// </summary>
internal static class Caller
{
    public const int MaxLength = 200;

    private const string Unknown = "an unknown caller";

    /// <summary>Claims that identify a principal without a name, such as an application that signed in with its id.</summary>
    private static readonly string[] IdClaims = [ClaimTypes.NameIdentifier, "sub", "appid", "azp", "oid"];

    /// <summary>Gets the identity that the host has verified, or else the remote address.</summary>
    public static string Of(HttpRequest request) =>
        Line(request.HttpContext.RequestServices?.GetService<IRequestIdentity>()?.FindCaller(request))
        ?? Line(NameOf(request.HttpContext.User))
        ?? AddressOf(request.HttpContext.Connection.RemoteIpAddress);

    /// <summary>Gets the name or id of the authenticated identity, or null if there is none.</summary>
    public static string? NameOf(ClaimsPrincipal user)
    {
        var identity = user.Identities.FirstOrDefault(candidate => candidate.IsAuthenticated);
        return identity is null || !string.IsNullOrWhiteSpace(identity.Name)
            ? identity?.Name
            : IdClaims.Select(type => identity.FindFirst(type)?.Value).FirstOrDefault(id => !string.IsNullOrWhiteSpace(id));
    }

    private static string AddressOf(IPAddress? address) =>
        address is null ? Unknown
        : IPAddress.IsLoopback(address) ? "a program on this machine"
        : (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();

    /// <summary>
    /// Removes control and invisible characters, which could forge a second log line, and truncates the text. Returns null if
    /// nothing remains.
    /// </summary>
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

    /// <summary>Whether the character must be removed. Unpaired surrogates appear here as U+FFFD.</summary>
    private static bool IsHidden(Rune rune) => rune == Rune.ReplacementChar || Rune.GetUnicodeCategory(rune) is
        System.Globalization.UnicodeCategory.Control
        or System.Globalization.UnicodeCategory.Format
        or System.Globalization.UnicodeCategory.LineSeparator
        or System.Globalization.UnicodeCategory.ParagraphSeparator;
}
