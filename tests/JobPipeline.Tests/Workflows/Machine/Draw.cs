namespace JobPipeline.Tests.Workflows.Machine;

/// <summary>A pseudorandom number generator with a seed (SplitMix64: Steele, Lea, Flood, OOPSLA 2014).</summary>
internal sealed class Draw(ulong seed)
{
    private ulong _at = seed;

    /// <summary>Returns a number from zero to one below the limit.</summary>
    public int Below(int limit)
    {
        var z = _at += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (int)((z ^ (z >> 31)) % (ulong)limit);
    }

    public bool OneIn(int times) => Below(times) == 0;

    public T Of<T>(IReadOnlyList<T> values) => values[Below(values.Count)];
}
