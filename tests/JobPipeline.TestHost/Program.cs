using JobPipeline.Hosting;
using JobPipeline.SelfHost;
using JobPipeline.TestHost.Jobs;
using Microsoft.Extensions.DependencyInjection;

return await SelfHostApplication.RunAsync(
    args,
    services => services.AddSingleton<StartLog>().AddWorkflow(TestWorkflows.Approval),
    typeof(StartLog).Assembly);
