namespace JobPipeline.BuiltIn.Web;

/// <summary>The position of an exchange: the current request, and the first one.</summary>
internal sealed class HttpHops(HttpCall first)
{
    public HttpCall First { get; } = first;

    public HttpCall Current { get; set; } = first;

    /// <summary>Returns the current request for messages, and the first one if redirects led from there.</summary>
    public override string ToString() =>
        ReferenceEquals(First, Current) || $"{First}" == $"{Current}" ? $"{Current}" : $"{Current} (redirected from {First})";
}
