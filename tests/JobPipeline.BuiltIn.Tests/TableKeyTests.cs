using CsCheck;
using JobPipeline.BuiltIn.Csv.Rows;

namespace JobPipeline.BuiltIn.Tests;

public sealed class TableKeyTests
{
    private static readonly Gen<string> AnyText = Gen.OneOf(
        Gen.OneOf('/', '\\', '#', '?', '!', '|', '%', '\t', '\n', '\u0085', '2', 'F', 'a', 'é'),
        Gen.Char.AlphaNumeric).Array[1, 8].Select(chars => new string(chars));

    [Fact]
    public void Of_AnyValues_IsValidAndUnique() =>
        Gen.Select(AnyText.Array[1, 3], AnyText.Array[1, 3]).Sample((left, right) =>
        {
            Assert.True(TableKey.IsLegal(TableKey.Of(left)), TableKey.Of(left));
            Assert.Equal(left.SequenceEqual(right, StringComparer.Ordinal), TableKey.Of(left) == TableKey.Of(right));
        });

    [Theory]
    [InlineData("inbox/orders 2026.csv", "inbox!2Forders 2026.csv")]
    [InlineData("a!b|c%", "a!21b!7Cc!25")]
    [InlineData("tab\t", "tab!09")]
    public void Of_Value_EscapesInvalidCharacters(string value, string key) => Assert.Equal(key, TableKey.Of(value));

    [Theory]
    [InlineData("order date", "order_date")]
    [InlineData("2nd", "_2nd")]
    [InlineData("Größe (m)", "Größe__m_")]
    [InlineData("rowkey", "rowkey_")]
    [InlineData("ImportLine", "ImportLine_")]
    [InlineData("plain_1", "plain_1")]
    public void From_ColumnName_IsAValidPropertyName(string column, string property) => Assert.Equal(property, PropertyName.From(column));
}
