using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace JobPipeline.Functions.StartUp;

/// <summary>
/// Reads the host's <c>functionTimeout</c> from where the host reads it: the app setting
/// <c>AzureFunctionsJobHost__functionTimeout</c>, else <c>host.json</c> in the app's folder, else the default.
/// </summary>
internal static class FunctionTimeoutSetting
{
    public const string Name = "functionTimeout";

    /// <summary>The host's default on Flex Consumption and Premium: 30 minutes. Older Consumption plans allow at most 10.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromMinutes(30);

    private const string AppSetting = "AzureFunctionsJobHost:" + Name;
    private const string Unbounded = "-1";
    private static readonly JsonDocumentOptions HostJson = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads the timeout; null if it is unlimited.</summary>
    /// <exception cref="InvalidOperationException">The value is not a duration.</exception>
    public static TimeSpan? Read(IConfiguration configuration, string folder)
    {
        if (configuration[AppSetting] is { Length: > 0 } setting)
            return Parse(setting, AppSetting);
        var file = Path.Combine(folder, "host.json");
        return File.Exists(file) && InFile(file) is { } text ? Parse(text, $"{Name} in host.json") : Default;
    }

    private static string? InFile(string file)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file), HostJson);
            return json.RootElement.TryGetProperty(Name, out var value) ? value.ToString() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidOperationException($"host.json is not valid: {e.Message}", e);
        }
    }

    private static TimeSpan? Parse(string text, string where) =>
        text == Unbounded ? null
        : TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var timeout) && timeout > TimeSpan.Zero ? timeout
        : throw new InvalidOperationException($"{where} is '{text}'; it must be a duration such as 00:30:00, or {Unbounded}");
}
