namespace JobPipeline.BuiltIn.Csv.Reading;

/// <summary>A position between two records.</summary>
/// <param name="Byte">The number of bytes before it, including the byte order mark.</param>
/// <param name="Line">The number of the line that starts here, from 1; lines inside quoted fields count.</param>
internal readonly record struct CsvPosition(long Byte, long Line)
{
    public static CsvPosition Start { get; } = new(0, 1);
}
