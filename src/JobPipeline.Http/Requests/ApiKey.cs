namespace JobPipeline.Http.Requests;

/// <summary>Where a request carries its key, on both hosts. Where it has both, the header counts.</summary>
public static class ApiKey
{
    public const string Header = "x-functions-key";
    public const string Query = "code";
}
