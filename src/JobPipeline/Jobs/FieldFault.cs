namespace JobPipeline.Jobs;

/// <summary>One thing that is wrong with a value, and where.</summary>
/// <param name="Field">Path of the member, such as <c>rows[3].name</c>; empty for the value as a whole.</param>
/// <param name="Message">What is wrong, for people.</param>
public readonly record struct FieldFault(string Field, string Message)
{
    /// <summary>The same fault seen from outside of a member.</summary>
    public FieldFault Within(string member) => this with { Field = Field.Length == 0 ? member : Field[0] == '[' ? member + Field : $"{member}.{Field}" };

    public override string ToString() => Field.Length == 0 ? Message : $"{Field}: {Message}";
}
