using System.Reflection;
using JobPipeline.AzureStorage;
using JobPipeline.Jobs;
using JobPipeline.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Conformance;

/// <summary>Every port has both adapters, and a suite that is run for both.</summary>
public sealed class PortTests
{
    private const BindingFlags Members = BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static IEnumerable<Type> Suites =>
        typeof(Suite).Assembly.GetTypes().Where(type => type.IsAbstract && type.IsSubclassOf(typeof(Suite)));

    [Fact]
    public void Ports_OfTheCore_AreRegisteredByBothAdapters() => Assert.Equal(
        PortsOf(new ServiceCollection().AddInMemoryStorage(new InMemoryQueue(new VirtualTimeProvider()))),
        PortsOf(new ServiceCollection().AddAzureStorage(new ConfigurationBuilder().Build())));

    [Fact]
    public void Ports_OfTheCore_HaveASuite() => Assert.Empty(
        PortsOf(new ServiceCollection().AddInMemoryStorage(new InMemoryQueue(new VirtualTimeProvider()))).Except(
            Suites.SelectMany(suite => suite.GetProperties(Members)).Select(property => property.PropertyType.Name)));

    [Fact]
    public void Suites_OfThePorts_AreRunForBothAdapters() => Assert.All(Suites, suite =>
    {
        var runs = suite.Assembly.GetTypes().Where(type => type.IsSubclassOf(suite)).ToList();
        Assert.True(runs.Count == 2, $"{suite.Name} is run by {string.Join(", ", runs.Select(run => run.Name))}");
        Assert.Single(runs, run => run.Name.StartsWith("InMemory", StringComparison.Ordinal));
    });

    /// <summary>The interfaces of the core that are registered by name, without the rules on errors of the storage service.</summary>
    private static List<string> PortsOf(IServiceCollection services) =>
    [
        .. services.Select(service => service.ServiceType)
            .Where(type => type.IsInterface && type.Assembly == typeof(IJobStore).Assembly)
            .Select(type => type.Name)
            .Where(name => !name.EndsWith("Rule", StringComparison.Ordinal))
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];
}
