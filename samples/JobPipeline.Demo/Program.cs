using System.CommandLine;
using System.Reflection;
using JobPipeline.Demo;
using JobPipeline.Demo.Show;
using JobPipeline.SelfHost;

// The demo starts this program a second time as the host, in a process that it can kill.
if (args is ["host", .. var settings])
    return await SelfHostApplication.RunAsync(settings, Assembly.GetExecutingAssembly());

var demo = new Command("demo", "Drops sample messages, shows how they end, and stops everything");
demo.SetAction((_, cancellationToken) => DemoRun.RunAsync(cancellationToken));
var up = new Command("up", "Starts the pipeline on this machine until Ctrl+C");
var host = new Option<string>("--host")
{
    Description = "'self' (default), or 'func': the Functions app under Azure Functions Core Tools",
    DefaultValueFactory = _ => "self",
};
host.AcceptOnlyFromAmong("self", "func");
up.Options.Add(host);
up.SetAction(
    (parsed, cancellationToken) =>
        parsed.GetValue(host) == "func" ? UpFunctionsCommand.RunAsync(cancellationToken) : UpCommand.RunAsync(cancellationToken));
var rules = new Command("rules", "Writes infra/monitoring/prometheus-rules.yml from the alert rules");
rules.SetAction(_ => RulesCommand.Run());
var docs = new Command("docs", "Rewrites the reference of settings in docs/configuration.md from the options classes");
docs.SetAction(_ => DocsCommand.Run());
var command = new RootCommand("JobPipeline on this machine") { demo, up, rules, docs };
if (args.Length == 0)
{
    Console.Error.WriteLine("Usage: dotnet run dev.cs demo | up [--host func] | rules | docs");
    return 64;
}

return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(2) });
