using JobPipeline.Alerts;
using JobPipeline.Alerts.Rules;

namespace JobPipeline.Demo;

/// <summary>Writes the rules file of Prometheus anew, from the alert rules as they are shipped.</summary>
internal static class RulesCommand
{
    private const string File = "infra/monitoring/prometheus-rules.yml";

    public static int Run()
    {
        if (!Directory.Exists(Path.GetDirectoryName(File)))
        {
            Console.Error.WriteLine($"There is no folder for {File} here: run it from the repository's root.");
            return 66;
        }

        System.IO.File.WriteAllText(File, PrometheusRules.Write(AlertRules.Shipped, new AlertOptions().Runbook));
        Console.WriteLine($"Written: {File}");
        return 0;
    }
}
