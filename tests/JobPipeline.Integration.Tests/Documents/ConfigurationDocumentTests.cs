using JobPipeline.Demo.Docs;

namespace JobPipeline.Integration.Tests.Documents;

/// <summary>Compares the reference of settings in docs/configuration.md with the options classes.</summary>
public sealed class ConfigurationDocumentTests
{
    [Fact]
    public void Document_OfAllSettings_MatchesTheOptionsClasses()
    {
        var document = Repository.Read(ConfigurationDocument.File).ReplaceLineEndings("\n");
        var expected = ConfigurationDocument.Update(document);

        var lines = document.Split('\n').Zip(expected.Split('\n')).ToList();
        var different = lines.FindIndex(line => line.First != line.Second);
        Assert.True(
            document == expected,
            $"{ConfigurationDocument.File} differs from the options classes; run 'dotnet run dev.cs docs' and commit the file."
                + (different < 0 ? "" : $" Line {different + 1} is\n{lines[different].First}\nand should be\n{lines[different].Second}"));
    }

    [Fact]
    public void Settings_OfEveryPart_HaveADocumentedMeaning()
    {
        var documentation = new XmlDocumentation(SettingTables.Parts);

        Assert.All(SettingTables.Settings(), setting => Assert.True(
            documentation.SummaryOf(setting.Property, skipDefault: false).Length > 0,
            $"{setting.Section}:{setting.Name} has no summary on {setting.Property.DeclaringType}.{setting.Property.Name}"));
    }

    [Theory]
    [InlineData("JobPipeline", "Lease", "duration, 00:00:03 to 00:10:00", "`00:01:00`")]
    [InlineData("JobPipeline:Circuits:{name}", "FailureRatio", "number, 0.01 to 1", "`0.5`")]
    [InlineData("JobPipeline:Http", "Keys:{name}", "text", "not set")]
    [InlineData("JobPipeline:BuiltIn", "FileRoots:{n}", "text", "not set")]
    [InlineData("JobPipeline:Alerts", "Enabled", "`true` or `false`", "`true`")]
    public void Setting_OfEachKind_HasItsValueAndDefault(string section, string name, string value, string expected)
    {
        var setting = SettingTables.Settings().Single(s => s.Section == section && s.Name == name);

        Assert.Equal((value, expected), (setting.Value, setting.Default));
    }
}
