using System.Security.Cryptography;
using System.Text;

namespace JobPipeline.Limits.Meters;

/// <summary>A gate: a limit for one key.</summary>
/// <param name="Limit">The name of the limit.</param>
/// <param name="Key">The key; empty for limits that are not divided.</param>
internal sealed record GateId(string Limit, string Key)
{
    private const int KeyCharacters = 32;

    // Not to be changed by 'with', which would copy the partition of the old gate.
    public string Limit { get; } = Limit;

    public string Key { get; } = Key;

    /// <summary>
    /// The name of the gate's partition: keys come from producers, so their hash stands for them. 128 bits make a collision as unlikely
    /// as one of job ids.
    /// </summary>
    public string Partition { get; } =
        $"{Limit}|{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key)))[..KeyCharacters]}";

    /// <summary>Names the gate, for people.</summary>
    public override string ToString() => Key.Length == 0 ? $"limit '{Limit}'" : $"limit '{Limit}' for '{Key}'";
}
