using System.Reflection;
using JobPipeline.SelfHost;

return await SelfHostApplication.RunAsync(args, Assembly.GetExecutingAssembly());
