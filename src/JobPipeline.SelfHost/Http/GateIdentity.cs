using JobPipeline.Http.Requests;

namespace JobPipeline.SelfHost.Http;

/// <summary>What <see cref="ApiGate"/> found out about a request. Whose key it was is the request's user.</summary>
internal sealed class GateIdentity : IRequestIdentity
{
    private static readonly object Item = new();

    /// <summary>The key in the address has opened the gate.</summary>
    public static void Keep(HttpContext context, string key) => context.Items[Item] = key;

    public string? FindCaller(HttpRequest request) => null;

    public string? FindKeyInAddress(HttpRequest request) => request.HttpContext.Items[Item] as string;
}
