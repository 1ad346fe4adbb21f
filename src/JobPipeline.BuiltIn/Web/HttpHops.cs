namespace JobPipeline.BuiltIn.Web;

/// <summary>Where an exchange has come to: the request that is under way, and the one that redirects led from.</summary>
internal sealed class HttpHops(HttpCall first)
{
    public HttpCall First { get; } = first;

    public HttpCall Current { get; set; } = first;

    /// <summary>For people: the host that is to blame, and how the request got there.</summary>
    public override string ToString() =>
        ReferenceEquals(First, Current) || $"{First}" == $"{Current}" ? $"{Current}" : $"{Current} (redirected from {First})";
}
