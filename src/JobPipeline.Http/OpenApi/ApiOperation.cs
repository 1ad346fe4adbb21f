using JobPipeline.Http.Requests;

namespace JobPipeline.Http.OpenApi;

/// <summary>
/// An operation of the API, as described in the OpenAPI document. The hosts' routes are tested against the table of operations.
/// </summary>
/// <param name="Id">The unique operation id; generated clients name their methods after it.</param>
/// <param name="Method">The HTTP method in upper case.</param>
/// <param name="Route">One of <see cref="ApiRoutes"/>.</param>
/// <param name="Summary">A summary of one line.</param>
internal sealed record ApiOperation(string Id, string Method, string Route, string Summary)
{
    public string? Description { get; init; }

    public IReadOnlyList<ApiParameter> Parameters { get; init; } = [];

    /// <summary>Gets the request body; null if the operation has none.</summary>
    public ApiBody? Body { get; init; }

    public required IReadOnlyList<ApiAnswer> Answers { get; init; }

    /// <summary>
    /// Gets whether the endpoint itself rejects unknown query parameters, together with all other validation errors; otherwise
    /// <see cref="ApiRequestRules"/> does.
    /// </summary>
    public bool ChecksQuery { get; init; }

    /// <summary>Gets whether the operation requires no key.</summary>
    public bool IsOpen { get; init; }
}

/// <summary>A parameter in the path, the query or a header.</summary>
/// <param name="Name">The name; if it is a placeholder of the route, the parameter is in the path.</param>
/// <param name="Type">The type of the value.</param>
/// <param name="Description">A description of one line.</param>
internal sealed record ApiParameter(string Name, Type Type, string Description)
{
    /// <summary>Gets whether the parameter is a header; otherwise it is in the query or the path.</summary>
    public bool IsHeader { get; init; }

    /// <summary>Gets the default and the maximum of a number; the minimum is 1.</summary>
    public (int Default, int Max)? Range { get; init; }
}

/// <summary>A request body.</summary>
/// <param name="Type">The type of the JSON value; null: any JSON.</param>
internal sealed record ApiBody(Type? Type)
{
    public bool IsRequired { get; init; }

    /// <summary>Gets a media type that is accepted in addition to JSON, as text.</summary>
    public string? OtherMediaType { get; init; }
}

/// <summary>A possible response.</summary>
/// <param name="Status">The status code; 400 and above have problem details unless there is a view.</param>
/// <param name="Description">A description of one line.</param>
/// <param name="View">The type of the JSON body; null if there is none.</param>
internal sealed record ApiAnswer(int Status, string Description, Type? View = null);
