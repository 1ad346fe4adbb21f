using System.Text.Encodings.Web;
using System.Text.Json;
using JobPipeline.Http.Requests;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Http;

/// <summary>
/// The JSON options of responses: those of <see cref="JobJson"/>, but with <c>&lt;</c>, <c>'</c>, <c>+</c> and non-ASCII
/// letters unescaped. This is safe because every response has a JSON media type and <c>nosniff</c> (<see cref="ApiRequestRules"/>), so
/// browsers never read it as HTML; escape it before you embed it in a page. Stored and sent JSON stays escaped, because
/// payloads are compared byte by byte.
/// </summary>
internal static class ApiJson
{
    public static JsonSerializerOptions Options { get; } = Relaxed();

    private static JsonSerializerOptions Relaxed()
    {
        var options = new JsonSerializerOptions(JobJson.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        options.MakeReadOnly();
        return options;
    }
}
