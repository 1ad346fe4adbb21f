using System.ComponentModel.DataAnnotations;
using JobPipeline.BuiltIn.Web.Outbound;

namespace JobPipeline.BuiltIn.Web.Connections;

/// <summary>
/// Credentials for a peer, by a name that payloads give: <c>JobPipeline:BuiltIn:Connections:{name}</c>. They are sent to
/// that peer alone, over https or to this machine; no value of them is logged or kept with a job.
/// </summary>
public sealed class WebConnectionOptions
{
    /// <summary>
    /// The peer: <c>https://api.example.com/v2</c>. A payload's <c>url</c> may then be a path, which is put behind it.
    /// Credentials go to its scheme, host and port; its path is no boundary for them.
    /// </summary>
    public string? BaseAddress { get; set; }

    /// <summary>More hosts that the credentials are for, over https on its own port: exact or <c>*.example.com</c>. Default none.</summary>
    public IReadOnlyList<string> AllowedHosts { get; set; } = [];

    /// <summary>
    /// Headers by name, such as <c>Authorization</c>. All are taken for secrets: where an answer repeats a value of six or
    /// more characters, <c>[redacted]</c> is kept instead. What is no secret belongs into the payload.
    /// </summary>
    public Dictionary<string, string> Headers { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>For basic authentication, with <see cref="Password"/>.</summary>
    public string? User { get; set; }

    /// <summary>For basic authentication, with <see cref="User"/>.</summary>
    public string? Password { get; set; }

    /// <summary>What is wrong, by the member; no message quotes a value of <see cref="Headers"/> or <see cref="Password"/>.</summary>
    internal IEnumerable<ValidationResult> Validate(string path)
    {
        if (BaseAddress is null && AllowedHosts.Count == 0)
            yield return new ValidationResult("needs a BaseAddress or AllowedHosts: credentials are for somebody.", [path]);
        if (BaseAddress is not null && !WebConnection.IsBaseAddress(BaseAddress))
            yield return new ValidationResult("is no https address (http is for this machine alone) without user name, query and fragment.", [$"{path}:{nameof(BaseAddress)}"]);
        if (AllowedHosts.FirstOrDefault(host => !HostPattern.TryParse(host, out _)) is { } wrong)
            yield return new ValidationResult($"'{wrong}' is neither a host nor \"*.example.com\".", [$"{path}:{nameof(AllowedHosts)}"]);
        foreach (var (name, value) in Headers)
        {
            if (RequestHeaders.Flaw(name, value, ofPayload: false) is { } flaw)
                yield return new ValidationResult(flaw, [$"{path}:{nameof(Headers)}"]);
        }

        if (User is null != Password is null || User?.Contains(':', StringComparison.Ordinal) == true)
            yield return new ValidationResult("User and Password go together, and User holds no colon.", [$"{path}:{nameof(User)}"]);
        if (User is not null && Headers.ContainsKey("Authorization"))
            yield return new ValidationResult("gives both User and an Authorization header.", [$"{path}:{nameof(User)}"]);
    }
}
