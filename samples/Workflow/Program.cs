// A workflow of three steps. Start it, approve it, and read its output:
//
//   dotnet run --project samples/Workflow -- --JobPipeline:Storage:ConnectionString=UseDevelopmentStorage=true
//   curl -X POST -H 'Content-Type: application/json' -d '{ "amount": 120 }' \
//     'http://127.0.0.1:7071/api/workflows/order?instanceId=order-1'
//   curl -X POST -H 'Content-Type: application/json' -d '{ "by": "Ada" }' \
//     http://127.0.0.1:7071/api/workflows/order-1/events/approved
//   curl http://127.0.0.1:7071/api/workflows/order-1
using JobPipeline.Hosting;
using JobPipeline.Samples.Workflow;
using JobPipeline.SelfHost;

return await SelfHostApplication.RunAsync(args, services => services.AddWorkflow(OrderWorkflow.Definition), typeof(ReserveJob).Assembly);
