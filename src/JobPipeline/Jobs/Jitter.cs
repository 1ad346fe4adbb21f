using System.Buffers.Binary;
using System.Security.Cryptography;

namespace JobPipeline.Jobs;

/// <summary>
/// Spreads jobs: draws from [0, 1) with a hash. Over many jobs the result looks random; for one job it is the same each time.
/// </summary>
internal static class Jitter
{
    public static double Of(string name, int attempt)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{name}#{attempt}"), hash);
        return Fraction(hash);
    }

    public static double Of(JobId job, int attempt)
    {
        Span<byte> input = stackalloc byte[20];
        Span<byte> hash = stackalloc byte[32];
        job.Value.TryWriteBytes(input);
        BinaryPrimitives.WriteInt32LittleEndian(input[16..], attempt);
        SHA256.HashData(input, hash);
        return Fraction(hash);
    }

    private static double Fraction(ReadOnlySpan<byte> hash) => (BinaryPrimitives.ReadUInt64LittleEndian(hash) >> 11) * (1.0 / (1UL << 53));
}
