using System.Text.Json;
using JobPipeline.BuiltIn.Expressions;
using JobPipeline.Jobs;

namespace JobPipeline.BuiltIn.Tests.Expressions;

/// <summary>
/// The public compliance suite of JMESPath (https://github.com/jmespath/jmespath.test), case by case: an expression on a
/// document returns a value or is rejected.
/// </summary>
public sealed class JmesPathComplianceTests
{
    private const int Cases = 892;

    private readonly JmesPathEvaluator _evaluator = new();

    [Fact]
    public void Evaluate_OfEveryCase_MatchesTheSuite()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "Expressions", "jmespath.json");
        var groups = JsonElement.Parse(File.ReadAllBytes(file));
        var (cases, wrong) = (0, new List<string>());
        foreach (var group in groups.EnumerateArray())
        {
            var document = group.GetProperty("document");
            foreach (var given in Members(group, "gives"))
            {
                cases++;
                if (WhyWrong(given[0].GetString()!, document, given[1]) is { } why)
                    wrong.Add($"{given[0]} over {document}: {why}");
            }

            foreach (var refused in Members(group, "refuses"))
            {
                cases++;
                if (!IsRefused(refused.GetString()!, document))
                    wrong.Add($"{refused} over {document} is not refused");
            }
        }

        Assert.Empty(wrong);
        Assert.Equal(Cases, cases);
    }

    private static IEnumerable<JsonElement> Members(JsonElement group, string name) =>
        group.TryGetProperty(name, out var members) ? members.EnumerateArray() : [];

    private string? WhyWrong(string expression, JsonElement document, JsonElement expected)
    {
        try
        {
            var value = _evaluator.Evaluate(expression, document);
            return JsonElement.DeepEquals(value, expected) ? null : $"gives {value.GetRawText()}, not {expected.GetRawText()}";
        }
        catch (WorkflowExpressionException e)
        {
            return e.Message;
        }
    }

    private bool IsRefused(string expression, JsonElement document)
    {
        try
        {
            _evaluator.Evaluate(expression, document);
            return false;
        }
        catch (WorkflowExpressionException)
        {
            return true;
        }
    }
}
