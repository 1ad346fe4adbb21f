namespace JobPipeline.Http.Requests;

/// <summary>Where a request carries its API key, on both hosts. If both are sent, the header takes precedence.</summary>
internal static class ApiKey
{
    public const string Header = "x-functions-key";
    public const string Query = "code";
}
