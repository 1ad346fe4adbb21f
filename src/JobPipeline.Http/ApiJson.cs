using System.Text.Encodings.Web;
using System.Text.Json;
using JobPipeline.Http.Requests;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Http;

/// <summary>
/// How answers are written: as <see cref="JobJson"/> does, with <c>&lt;</c>, <c>'</c>, <c>+</c> and letters of any language as they are.
/// Safe, because every answer has a media type of its own and <c>nosniff</c> (<see cref="ApiDoor"/>): none is ever read as HTML. Whoever
/// puts such JSON into a page has to escape it there. What is stored and sent keeps its form, for payloads are compared by their bytes.
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
