using JobPipeline.Http.OpenApi;
using JobPipeline.Http.Problems;
using JobPipeline.Jobs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Template;

namespace JobPipeline.Http.Requests;

/// <summary>
/// Rules that apply to every API request on both hosts: query parameters that the operation does not define are rejected (a
/// misspelled one would be ignored and give another result), and every response is marked <c>nosniff</c>.
/// </summary>
internal static class ApiRequestRules
{
    /// <summary>
    /// Parameters used by the host: a Functions key may be sent in the query as <c>code</c>, and the Functions host adds the name
    /// of the key it found as <c>clientId</c>.
    /// </summary>
    private static readonly string[] HostsOwn = ["code", "clientId"];

    /// <summary>The maximum number of errors to report; a query can hold hundreds of names.</summary>
    private const int MaxFaults = 20;

    private static readonly (ApiOperation Operation, TemplateMatcher Route)[] Operations =
        [.. ApiOperations.All.Select(operation => (operation, new TemplateMatcher(TemplateParser.Parse(operation.Route), [])))];

    /// <summary>Adds <c>X-Content-Type-Options: nosniff</c>, because JSON may contain text that would be valid HTML.</summary>
    public static void MarkAnswer(HttpContext context) => context.Response.OnStarting(
        static state =>
        {
            ((HttpResponse)state).Headers.XContentTypeOptions = "nosniff";
            return Task.CompletedTask;
        },
        context.Response);

    /// <summary>Checks the query parameters of the request.</summary>
    /// <returns>Null if the request may proceed; otherwise the response.</returns>
    public static IResult? Enter(HttpRequest request)
    {
        if (request.Query.Count == 0 || Find(request.Method, request.Path) is not { ChecksQuery: false } operation)
            return null;
        var errors = ErrorsOf(request, operation);
        return errors.Count > 0 ? Problem.InvalidRequest(errors) : null;
    }

    /// <summary>Gets the validation errors for query parameters that the operation does not define, at most 20.</summary>
    public static IReadOnlyList<ValidationError> ErrorsOf(HttpRequest request) =>
        request.Query.Count > 0 && Find(request.Method, request.Path) is { } operation ? ErrorsOf(request, operation) : [];

    private static List<ValidationError> ErrorsOf(HttpRequest request, ApiOperation operation)
    {
        var known = QueryOf(operation);
        return
        [
            .. request.Query.Keys.Where(name => !Contains(known, name) && !Contains(HostsOwn, name))
                .Take(MaxFaults).Select(name => new ValidationError(name, WhyUnknown(name, operation, known))),
        ];
    }

    /// <summary>Finds the operation for a method and path.</summary>
    /// <returns>Null if the API has no such operation; the router answers then.</returns>
    internal static ApiOperation? Find(string method, PathString path)
    {
        // HEAD is answered like GET, without the body.
        var effective = HttpMethods.IsHead(method) ? HttpMethods.Get : method;
        foreach (var (operation, route) in Operations)
        {
            if (operation.Method.Equals(effective, StringComparison.OrdinalIgnoreCase) && route.TryMatch(path, []))
                return operation;
        }

        return null;
    }

    private static string[] QueryOf(ApiOperation operation) =>
        [.. operation.Parameters.Where(parameter => IsInQuery(operation, parameter)).Select(parameter => parameter.Name)];

    private static bool IsInQuery(ApiOperation operation, ApiParameter parameter) =>
        !parameter.IsHeader && !operation.Route.Contains($"{{{parameter.Name}}}", StringComparison.Ordinal);

    private static bool Contains(string[] names, string name) => names.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static string WhyUnknown(string name, ApiOperation operation, string[] known)
    {
        var all = known.Length == 0 ? "this operation has no query parameters" : $"the query parameters are {string.Join(", ", known)}";
        var header = operation.Parameters.FirstOrDefault(parameter => parameter.IsHeader) is { } found
            ? $"; there is also the header {found.Name}"
            : "";
        return $"is not a query parameter{NearestName.Hint(name, known)}; {all}{header}";
    }
}
