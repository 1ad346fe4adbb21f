using Microsoft.Extensions.Options;

namespace JobPipeline.Http;

internal sealed class ApiOptionsValidator : IValidateOptions<ApiOptions>
{
    public ValidateOptionsResult Validate(string? name, ApiOptions options) =>
        string.IsNullOrWhiteSpace(options.PublicUrl)
        || (Uri.TryCreate(options.PublicUrl, UriKind.Absolute, out var url)
            && url.Scheme is "http" or "https"
            && url is { Query: "", Fragment: "", UserInfo: "" })
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{ApiOptions.Section}:PublicUrl is '{options.PublicUrl}', which is not an address such as https://jobs.example.com");
}
