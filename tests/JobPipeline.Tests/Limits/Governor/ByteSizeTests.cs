using JobPipeline.Configuration;

namespace JobPipeline.Tests.Limits.Governor;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("512MB", 512_000_000, "512MB")]
    [InlineData("1GB", 1_000_000_000, "1GB")]
    [InlineData(" 1.5 gb ", 1_500_000_000, "1.5GB")]
    [InlineData("256MiB", 268_435_456, "268.44MB")]
    [InlineData("2KiB", 2048, "2.05KB")]
    [InlineData("1GiB", 1_073_741_824, "1.07GB")]
    [InlineData("0.0001KB", 0, "0 bytes")]
    public void TryParse_AnyForm_ReadsTheBytes(string text, long bytes, string shown)
    {
        Assert.True(ByteSize.TryParse(text, out var size));
        Assert.Equal((bytes, shown), (size.Bytes, size.ToString()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("512")]
    [InlineData("MB")]
    [InlineData("-1MB")]
    [InlineData("1,5GB")]
    [InlineData("1e3MB")]
    [InlineData("NaNMB")]
    [InlineData("512 megabytes")]
    [InlineData("99999999999999999999999TB")]
    [InlineData("1111111111111111111111111111111111111111MB")]
    public void TryParse_AnythingElse_Fails(string? text) => Assert.False(ByteSize.TryParse(text, out _));
}
