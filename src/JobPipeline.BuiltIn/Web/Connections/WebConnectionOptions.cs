using System.ComponentModel.DataAnnotations;
using JobPipeline.BuiltIn.Web.Outbound;

namespace JobPipeline.BuiltIn.Web.Connections;

/// <summary>
/// Credentials for a peer, by the name used in payloads: <c>JobPipeline:BuiltIn:Connections:{name}</c>. They are sent only to
/// that peer, over https or to this machine; their values are neither logged nor stored with a job.
/// </summary>
public sealed class WebConnectionOptions
{
    /// <summary>
    /// Gets or sets the base address of the peer, such as <c>https://api.example.com/v2</c>. A payload's <c>url</c> may then be a
    /// path, which is appended to it. Credentials are sent to its scheme, host and port; its path does not restrict them.
    /// </summary>
    public string? BaseAddress { get; set; }

    /// <summary>
    /// Gets or sets more hosts that receive the credentials over https on port 443: exact or <c>*.example.com</c>. The
    /// default is none.
    /// </summary>
    public IReadOnlyList<string> AllowedHosts { get; set; } = [];

    /// <summary>
    /// Gets or sets headers by name, such as <c>Authorization</c>. All are treated as secrets: if a response repeats a value of six
    /// or more characters, <c>[redacted]</c> is stored instead. Put headers that are not secret into the payload.
    /// </summary>
    public Dictionary<string, string> Headers { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets or sets the user for basic authentication, with <see cref="Password"/>.</summary>
    public string? User { get; set; }

    /// <summary>Gets or sets the password for basic authentication, with <see cref="User"/>.</summary>
    public string? Password { get; set; }

    /// <summary>
    /// Returns the validation errors by member. No message contains a value of <see cref="Headers"/> or
    /// <see cref="Password"/>.
    /// </summary>
    internal IEnumerable<ValidationResult> Validate(string path)
    {
        if (BaseAddress is null && AllowedHosts.Count == 0)
            yield return new ValidationResult("requires BaseAddress or AllowedHosts, the hosts that receive the credentials.", [path]);
        if (BaseAddress is not null && !WebConnection.IsBaseAddress(BaseAddress))
        {
            yield return new ValidationResult(
                "must be an https address without user name, query and fragment; http is allowed only for this machine.",
                [$"{path}:{nameof(BaseAddress)}"]);
        }

        if (AllowedHosts.FirstOrDefault(host => !HostPattern.TryParse(host, out _)) is { } wrong)
            yield return new ValidationResult($"'{wrong}' must be a host or \"*.example.com\".", [$"{path}:{nameof(AllowedHosts)}"]);
        foreach (var (name, value) in Headers)
        {
            if (RequestHeaders.Flaw(name, value, ofPayload: false) is { } flaw)
                yield return new ValidationResult(flaw, [$"{path}:{nameof(Headers)}"]);
        }

        if (User is null != Password is null || User?.Contains(':', StringComparison.Ordinal) == true)
        {
            yield return new ValidationResult(
                "User and Password require each other, and User must not contain a colon.", [$"{path}:{nameof(User)}"]);
        }

        if (User is not null && Headers.ContainsKey("Authorization"))
            yield return new ValidationResult("sets both User and an Authorization header.", [$"{path}:{nameof(User)}"]);
    }
}
