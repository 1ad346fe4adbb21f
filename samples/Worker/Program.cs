// The smallest host with a job of its own. It needs a storage account, such as the one that `dotnet run dev.cs up` starts:
//
//   dotnet run --project samples/Worker -- --JobPipeline:Storage:ConnectionString=UseDevelopmentStorage=true
//   curl -X POST -H 'Content-Type: application/json' -d '{ "name": "Ada" }' http://127.0.0.1:7071/api/jobs/greet
using JobPipeline.Samples.Worker;
using JobPipeline.SelfHost;

return await SelfHostApplication.RunAsync(args, typeof(GreetJob).Assembly);
