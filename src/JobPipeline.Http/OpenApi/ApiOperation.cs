using JobPipeline.Http.Requests;

namespace JobPipeline.Http.OpenApi;

/// <summary>One method of the API, as the document tells it. The hosts' routes are tested against the table of these.</summary>
/// <param name="Id">Unique; generated clients name their methods by it.</param>
/// <param name="Method">The HTTP method, in capitals.</param>
/// <param name="Route">One of <see cref="ApiRoutes"/>.</param>
/// <param name="Summary">One line.</param>
public sealed record ApiOperation(string Id, string Method, string Route, string Summary)
{
    public string? Description { get; init; }

    public IReadOnlyList<ApiParameter> Parameters { get; init; } = [];

    /// <summary>What it takes; null: nothing.</summary>
    public ApiBody? Body { get; init; }

    public required IReadOnlyList<ApiAnswer> Answers { get; init; }

    /// <summary>
    /// True: its method refuses unknown query parameters itself, together with whatever else is wrong; false: <see cref="ApiDoor"/> does.
    /// </summary>
    public bool ChecksQuery { get; init; }

    /// <summary>True: without a key.</summary>
    public bool IsOpen { get; init; }
}

/// <summary>A value beside the body.</summary>
/// <param name="Name">As in the address or header; one that the route names lies in the path.</param>
/// <param name="Type">What it is read as.</param>
/// <param name="Description">One line.</param>
public sealed record ApiParameter(string Name, Type Type, string Description)
{
    /// <summary>True: a header, else in the query or path.</summary>
    public bool IsHeader { get; init; }

    /// <summary>Bounds of a number.</summary>
    public (int Default, int Max)? Range { get; init; }
}

/// <summary>A body that is taken.</summary>
/// <param name="Type">Its JSON; null: any.</param>
public sealed record ApiBody(Type? Type)
{
    public bool IsRequired { get; init; }

    /// <summary>A media type that is taken beside JSON, as text.</summary>
    public string? OtherMediaType { get; init; }
}

/// <summary>An answer that can be given.</summary>
/// <param name="Status">The status code; from 400 on with problem details, unless there is a view.</param>
/// <param name="Description">One line.</param>
/// <param name="View">Its JSON; null: none.</param>
public sealed record ApiAnswer(int Status, string Description, Type? View = null);
