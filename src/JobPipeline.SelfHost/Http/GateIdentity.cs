using JobPipeline.Http.Requests;

namespace JobPipeline.SelfHost.Http;

/// <summary>Provides what <see cref="ApiGate"/> has learned about the caller. The name of the key is the user of the request.</summary>
internal sealed class GateIdentity : IRequestIdentity
{
    private static readonly object Item = new();

    /// <summary>Records that the key in the URL authorized the request.</summary>
    public static void Keep(HttpContext context, string key) => context.Items[Item] = key;

    public string? FindCaller(HttpRequest request) => null;

    public string? FindKeyInAddress(HttpRequest request) => request.HttpContext.Items[Item] as string;
}
