namespace JobPipeline.Jobs;

/// <summary>A validation error and the member that it concerns.</summary>
/// <param name="Field">The path of the member, such as <c>rows[3].name</c>; empty for the value as a whole.</param>
/// <param name="Message">A human-readable message.</param>
public readonly record struct ValidationError(string Field, string Message)
{
    /// <summary>Returns the same validation error with the path prefixed by an outer member.</summary>
    public ValidationError Within(string member) => this with
    {
        Field = Field.Length == 0 ? member : Field[0] == '[' ? member + Field : $"{member}.{Field}",
    };

    public override string ToString() => Field.Length == 0 ? Message : $"{Field}: {Message}";
}
