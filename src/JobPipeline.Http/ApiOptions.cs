namespace JobPipeline.Http;

/// <summary>Settings of the API on both hosts: configuration section <c>JobPipeline:Api</c>.</summary>
public sealed class ApiOptions
{
    public const string Section = "JobPipeline:Api";

    /// <summary>
    /// The address at which callers reach the API, such as <c>https://jobs.example.com</c>, where it is not the one that the
    /// host sees: behind a proxy. Addresses in answers begin with it. Default none: that of the request's own Host. Forwarded
    /// headers (<c>X-Forwarded-Host</c> and the like) are never read, because anybody can send them.
    /// </summary>
    public string? PublicUrl { get; set; }
}
