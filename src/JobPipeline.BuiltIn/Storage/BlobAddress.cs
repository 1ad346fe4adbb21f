using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace JobPipeline.BuiltIn.Storage;

/// <summary>
/// The address of a blob in a payload, written as <c>container/name</c>; the name may contain more slashes. Each address has
/// exactly one spelling, which the service reads unchanged: forms that a client or the service would rewrite (<c>..</c>,
/// backslashes, empty segments and similar) are rejected, and so are the containers of the pipeline and its host.
/// </summary>
[JsonConverter(typeof(BlobAddressJsonConverter))]
public sealed record BlobAddress : IParsable<BlobAddress>
{
    private BlobAddress(string container, string name) => (Container, Name) = (container, name);

    /// <summary>Gets the name of the container.</summary>
    public string Container { get; }

    /// <summary>Gets the name of the blob within its container.</summary>
    public string Name { get; }

    /// <summary>Parses an address.</summary>
    /// <exception cref="FormatException">The text is not the address of a blob that payloads may name; the message states why.</exception>
    public static BlobAddress Parse(string text) => Read(text, out var error) ?? throw new FormatException($"'{text}' {error}.");

    /// <inheritdoc cref="Parse(string)"/>
    public static BlobAddress Parse(string s, IFormatProvider? provider) => Parse(s);

    /// <summary>Parses an address; returns false if the text is not one that payloads may name.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out BlobAddress? address) =>
        (address = text is null ? null : Read(text, out _)) is not null;

    /// <inheritdoc cref="TryParse(string?, out BlobAddress?)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out BlobAddress result) =>
        TryParse(s, out result);

    public override string ToString() => $"{Container}/{Name}";

    /// <summary>Parses an address, or returns null and the validation error.</summary>
    internal static BlobAddress? Read(string text, out string? error)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var (container, name) = slash < 0 ? (text, "") : (text[..slash], text[(slash + 1)..]);
        error = slash < 0 ? "has no '/' between container and name"
            : ContainerRules.ErrorOf(container) ?? BlobNameRules.ErrorOf(name);
        if (error is not null)
            error += "; write the address as \"container/name\"";
        else if (ReservedNames.Everywhere.OfContainer(container) == Reservation.Always)
            error = ReservedNames.ContainerRefusal;
        return error is null ? new BlobAddress(container, name) : null;
    }
}
