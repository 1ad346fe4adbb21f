namespace JobPipeline.Http;

/// <summary>Settings of the API on both hosts, in the configuration section <c>JobPipeline:Api</c>.</summary>
public sealed class ApiOptions
{
    public const string Section = "JobPipeline:Api";

    /// <summary>
    /// Gets or sets the URL at which callers reach the API, such as <c>https://jobs.example.com</c>, if it differs from the one
    /// that the host sees, for example behind a proxy. URLs in responses start with it. The default is null: the host of the
    /// request. Forwarded headers (<c>X-Forwarded-Host</c> and the like) are never read, because any client can send them.
    /// </summary>
    public string? PublicUrl { get; set; }
}
