using JobPipeline.Http.OpenApi;
using JobPipeline.Http.Problems;
using JobPipeline.Jobs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Template;

namespace JobPipeline.Http.Requests;

/// <summary>
/// What holds for every request, whichever method of the API it is for: a query parameter that the table of operations does not
/// have is refused (a misspelt one would be passed over, and the answer be another), and every answer says that it is what its media
/// type says. Both hosts send every request through it.
/// </summary>
public static class ApiDoor
{
    /// <summary>A Functions key may travel in the query, under this name; the Functions host adds the name of the key it found.</summary>
    private static readonly string[] HostsOwn = ["code", "clientId"];

    /// <summary>A query can hold hundreds of names.</summary>
    private const int MaxFaults = 20;

    private static readonly (ApiOperation Operation, TemplateMatcher Route)[] Operations =
        [.. ApiOperations.All.Select(operation => (operation, new TemplateMatcher(TemplateParser.Parse(operation.Route), [])))];

    /// <summary>Tells browsers not to take the answer for anything but its media type: JSON may hold what would be HTML.</summary>
    public static void MarkAnswer(HttpContext context) => context.Response.OnStarting(
        static state =>
        {
            ((HttpResponse)state).Headers.XContentTypeOptions = "nosniff";
            return Task.CompletedTask;
        },
        context.Response);

    /// <summary>Null: the request may go on; else the answer to it.</summary>
    public static IResult? Enter(HttpRequest request)
    {
        if (request.Query.Count == 0 || Find(request.Method, request.Path) is not { ChecksQuery: false } operation)
            return null;
        var faults = FaultsOf(request, operation);
        return faults.Count > 0 ? Problem.InvalidRequest(faults) : null;
    }

    /// <summary>The query parameters that the operation does not have; at most 20.</summary>
    public static IReadOnlyList<FieldFault> FaultsOf(HttpRequest request) =>
        request.Query.Count > 0 && Find(request.Method, request.Path) is { } operation ? FaultsOf(request, operation) : [];

    private static List<FieldFault> FaultsOf(HttpRequest request, ApiOperation operation)
    {
        var known = QueryOf(operation);
        return
        [
            .. request.Query.Keys.Where(name => !Contains(known, name) && !Contains(HostsOwn, name))
                .Take(MaxFaults).Select(name => new FieldFault(name, WhyUnknown(name, operation, known))),
        ];
    }

    /// <summary>Null: no method of the API; the router answers.</summary>
    internal static ApiOperation? Find(string method, PathString path)
    {
        // What is answered to GET is answered to HEAD, without its body.
        var asked = HttpMethods.IsHead(method) ? HttpMethods.Get : method;
        foreach (var (operation, route) in Operations)
        {
            if (operation.Method.Equals(asked, StringComparison.OrdinalIgnoreCase) && route.TryMatch(path, []))
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
        var all = known.Length == 0 ? "there are none here" : $"there are {string.Join(", ", known)}";
        var header = operation.Parameters.FirstOrDefault(parameter => parameter.IsHeader)?.Name;
        return $"is not a query parameter{NearestName.Hint(name, known)}; {all}{(header is null ? "" : $", and the header {header}")}";
    }
}
