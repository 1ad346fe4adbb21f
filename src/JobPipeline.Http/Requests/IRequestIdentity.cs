using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Requests;

/// <summary>What only the host knows of a request.</summary>
public interface IRequestIdentity
{
    /// <summary>Who made it, for logs and records. Null: the host knows no more than the request itself says.</summary>
    string? FindCaller(HttpRequest request);

    /// <summary>The key in the request's own address, where that key authorised it. Null: a header did, or nothing had to.</summary>
    string? FindKeyInAddress(HttpRequest request);
}
