namespace JobPipeline.BuiltIn.Csv.Reading;

/// <summary>A place between two records.</summary>
/// <param name="Byte">Bytes before it, byte order mark included.</param>
/// <param name="Line">The number of the line that starts here, from 1; lines inside quoted fields count.</param>
internal readonly record struct CsvPosition(long Byte, long Line)
{
    public static CsvPosition Start { get; } = new(0, 1);
}
