using JobPipeline.AzureStorage;
using JobPipeline.BuiltIn.Csv;

namespace JobPipeline.Integration.Tests.BuiltIn;

public sealed class ReservedTablesTests
{
    [Fact]
    public void Contains_EveryTableOfThePipeline_InAnyCase()
    {
        var reserved = new ReservedTables("x");
        Assert.All(StorageNames.Tables, table => Assert.True(reserved.Contains("X" + table.ToUpperInvariant()), table));
        Assert.False(reserved.Contains("xOrders"));
    }
}
