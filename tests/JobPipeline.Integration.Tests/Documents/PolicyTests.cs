using JobPipeline.Configuration;
using JobPipeline.Http.Jobs;
using JobPipeline.Http.JobTypes;
using JobPipeline.Jobs;

namespace JobPipeline.Integration.Tests.Documents;

/// <summary>Compares the list of policies with the places that repeat it.</summary>
public sealed class PolicyTests
{
    private static IEnumerable<string> Policies => NamesOf<JobTypeOptions>();

    [Fact]
    public void TableOfPolicies_InTheDocument_NamesEachOfThem() => Assert.Equal(
        Policies.Order(StringComparer.Ordinal),
        MarkdownTable.Read("docs/jobs.md", "Policy")
            .SelectMany(cells => cells[0].Split(", "))
            .Select(name => name.Trim('`'))
            .Order(StringComparer.Ordinal));

    [Fact]
    public void View_OfAJobType_ShowsEachPolicy() => Assert.Empty(Policies.Except(NamesOf<JobTypeView>(), StringComparer.Ordinal));

    [Fact]
    public void Item_OfABatch_HasEachMemberOfARequest() =>
        Assert.Empty(NamesOf<JobRequest>().Except(NamesOf<BatchItem>(), StringComparer.Ordinal));

    private static IEnumerable<string> NamesOf<T>() =>
        typeof(T).GetProperties().Where(property => property.GetMethod is { IsStatic: false }).Select(property => property.Name);
}
