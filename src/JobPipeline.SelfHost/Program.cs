using JobPipeline.SelfHost;

return await SelfHostApplication.RunAsync(args);
