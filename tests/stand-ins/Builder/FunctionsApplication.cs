using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Azure.Functions.Worker.Builder;

public static class FunctionsApplication
{
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) => new();
}

public sealed class FunctionsApplicationBuilder : IFunctionsWorkerApplicationBuilder
{
    internal FunctionsApplicationBuilder()
    {
    }

    public ConfigurationManager Configuration { get; } = new();

    public IServiceCollection Services { get; } = new ServiceCollection();

    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware) => this;

    public IHost Build() => throw new NotSupportedException("The stand-ins for the Functions packages only hold values; they can't run.");
}

public static class FunctionsApplicationBuilderAspNetCoreExtensions
{
    public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder) => builder;
}
