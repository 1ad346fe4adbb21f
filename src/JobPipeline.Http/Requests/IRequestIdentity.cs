using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Requests;

/// <summary>What the host knows about the sender of a request.</summary>
internal interface IRequestIdentity
{
    /// <summary>Gets the caller's name for logs and records, or null if the host knows no more than the request itself contains.</summary>
    string? FindCaller(HttpRequest request);

    /// <summary>
    /// Gets the key in the request's URL if that key authorized the request. Null if a header did, or if no key was required.
    /// </summary>
    string? FindKeyInAddress(HttpRequest request);
}
