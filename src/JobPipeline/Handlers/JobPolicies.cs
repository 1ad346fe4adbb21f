using JobPipeline.Configuration;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Handlers;

/// <summary>Reads the policies of <see cref="JobTypeOptions"/> from the attribute property of the same name.</summary>
internal static class JobPolicies
{
    /// <exception cref="InvalidOperationException">A duration is not written as one.</exception>
    public static JobTypeOptions Of(JobAttribute attribute)
    {
        var policies = new JobTypeOptions();
        foreach (var policy in JobTypeOptions.All)
        {
            var value = typeof(JobAttribute).GetProperty(policy.Name)!.GetValue(attribute);
            policy.SetValue(policies, value switch
            {
                string text when policy.PropertyType == typeof(TimeSpan?) => Duration(attribute, policy.Name, text),
                string[] list when policy.PropertyType == typeof(IList<TimeSpan>) =>
                    list.Select(text => Duration(attribute, policy.Name, text)).ToList(),
                // An attribute can't have a null number.
                0 when policy.Name == nameof(JobTypeOptions.Concurrency) => null,
                _ => value,
            });
        }

        return policies;
    }

    private static TimeSpan Duration(JobAttribute attribute, string name, string text) =>
        WireDuration.TryParse(text, out var value) && value >= TimeSpan.Zero
            ? value
            : throw new InvalidOperationException($"[Job(\"{attribute.Type}\", {name} = \"{text}\")] must be {WireDuration.Form}.");
}
