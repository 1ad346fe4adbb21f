using System.Text.RegularExpressions;
using JobPipeline.Alerts;
using JobPipeline.Alerts.Rules;

namespace JobPipeline.Tests.Monitoring.Alerts;

/// <summary>Tests that the runbook and the documents cover every alert rule.</summary>
public sealed partial class RunbookTests
{
    private const string TableOfRules = "docs/alerts.md";
    private static readonly string Runbook = new AlertOptions().Runbook;

    public static TheoryData<string> Rules => [.. AlertRules.Shipped.Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void RunbookAnchor_OfEachRule_IsAHeadingOfTheRunbook(string name)
    {
        var rule = AlertRules.Shipped.Single(shipped => shipped.Name == name);
        var runbook = Repository.Read(Runbook);

        Assert.Single(Heading().Matches(runbook).Select(match => Slug(match.Groups["text"].Value)), slug => slug == rule.Runbook);
        Assert.Contains($"`{name}`", Section(runbook, rule.Runbook), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void TableOfAlerts_ForEachRule_StatesItsSeverity(string name)
    {
        var row = MarkdownTable.Read(TableOfRules, "Rule").Single(cells => cells[0] == $"`{name}`");

        Assert.StartsWith($"{AlertRules.Shipped.Single(rule => rule.Name == name).Severity}", row[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Table_OfAlerts_HasNoOtherRules() =>
        Assert.Equal(
            AlertRules.Shipped.Select(rule => $"`{rule.Name}`"), MarkdownTable.Read(TableOfRules, "Rule").Select(cells => cells[0]));

    [Theory]
    [InlineData("A dead letter arrived", "a-dead-letter-arrived")]
    [InlineData("The `timer's` beat, 2.0!", "the-timers-beat-20")]
    [InlineData("A - b_c", "a---b_c")]
    public void Slug_Heading_MatchesGitHub(string heading, string expected) => Assert.Equal(expected, Slug(heading));

    /// <summary>Returns GitHub's anchor: lower case, hyphens for spaces, no punctuation except hyphens and underscores.</summary>
    private static string Slug(string heading) =>
        string.Concat(heading.Trim().ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-');

    private static string Section(string runbook, string slug)
    {
        var headings = Heading().Matches(runbook);
        var at = headings.ToList().FindIndex(match => Slug(match.Groups["text"].Value) == slug);
        return runbook[headings[at].Index..(at + 1 < headings.Count ? headings[at + 1].Index : runbook.Length)];
    }

    [GeneratedRegex("^#+ (?<text>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Heading();
}
