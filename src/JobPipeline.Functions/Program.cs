using JobPipeline.Functions.Http;
using JobPipeline.Functions.StartUp;
using Microsoft.Azure.Functions.Worker.Builder;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.UseApiRequestRules();
builder.Services.AddFunctionsApp(builder.Configuration);
return await FunctionsHost.RunAsync(builder.Build);
