using JobPipeline.SelfHost;
using JobPipeline.TestHost.Jobs;
using Microsoft.Extensions.DependencyInjection;

return await SelfHostApplication.RunAsync(args, services => services.AddSingleton<StartLog>(), typeof(StartLog).Assembly);
