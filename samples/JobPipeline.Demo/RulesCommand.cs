using JobPipeline.Alerts;
using JobPipeline.Alerts.Rules;

namespace JobPipeline.Demo;

/// <summary>Writes the Prometheus rules file from the shipped alert rules.</summary>
internal static class RulesCommand
{
    private const string File = "infra/monitoring/prometheus-rules.yml";

    public static int Run()
    {
        if (!Directory.Exists(Path.GetDirectoryName(File)))
        {
            Console.Error.WriteLine($"The folder of {File} does not exist here; run this command from the repository's root.");
            return 66;
        }

        System.IO.File.WriteAllText(File, PrometheusRules.Write(AlertRules.Shipped, new AlertOptions().Runbook));
        Console.WriteLine($"Written: {File}");
        return 0;
    }
}
