using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JobPipeline.BuiltIn.Tests;

[Slow]
[Collection(BuiltInCollection.Name)]
public sealed class BuiltInOptionsTests(BuiltInStorage storage)
{
    [Fact]
    public async Task FileRoots_ListInConfiguration_IsBound()
    {
        await using var harness = storage.Harness(roots: ["/data/a", "/data/b"]);

        Assert.Equal(["/data/a", "/data/b"], harness.Services.GetRequiredService<IOptions<BuiltInOptions>>().Value.FileRoots);
    }

    [Theory]
    [InlineData("JobPipeline:BuiltIn:FileRoot", "/data", "FileRoots")]
    [InlineData("JobPipeline:BuiltIn:FileRoots:0", "data", "not an absolute path")]
    [InlineData("JobPipeline:BuiltIn:ImportSlice", "00:00:00", "ImportSlice")]
    public void Setting_ThatIsInvalid_FailsAtTheStart(string name, string value, string why)
    {
        var error = Assert.Throws<OptionsValidationException>(() => storage.Harness(settings: [new(name, value)]));

        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }
}
