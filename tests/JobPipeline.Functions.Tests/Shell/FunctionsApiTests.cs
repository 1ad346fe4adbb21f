using System.Reflection;
using System.Runtime.Loader;
using DurableTask.Core.Exceptions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace JobPipeline.Functions.Tests.Shell;

/// <summary>The stand-ins declare nothing that the real packages lack. Trivial in a build with stand-ins.</summary>
public sealed class FunctionsApiTests
{
    private static readonly Assembly[] InUse =
    [
        .. new[]
            {
                typeof(FunctionAttribute),
                typeof(QueueTriggerAttribute),
                typeof(HttpTriggerAttribute),
                typeof(TimerTriggerAttribute),
                typeof(TriggerBindingAttribute),
                typeof(IFunctionsWorkerApplicationBuilder),
                typeof(FunctionsApplicationBuilder), typeof(FunctionsApplicationBuilderAspNetCoreExtensions),
                typeof(OrchestrationTriggerAttribute),
                typeof(TaskOrchestrationContext),
                typeof(DurableTaskClient),
                typeof(OrchestrationAlreadyExistsException),
                typeof(ConfigureFunctionsOpenTelemetry),
            }
            .Select(type => type.Assembly).Distinct(),
    ];

    public static TheoryData<string> StandIns => [.. Load().GetExportedTypes().Select(type => type.FullName!)];

    [Theory]
    [MemberData(nameof(StandIns))]
    public void StandIn_OfEachType_DeclaresOnlyRealMembers(string name)
    {
        var real = Assert.Single(InUse.Select(assembly => assembly.GetType(name)).OfType<Type>());
        Assert.Subset(MembersOf(real), MembersOf(Load().GetType(name)!));
    }

    [Theory]
    [MemberData(nameof(StandIns))]
    public void StandIn_OfEachType_HasAllAbstractMembers(string name)
    {
        var real = Assert.Single(InUse.Select(assembly => assembly.GetType(name)).OfType<Type>());
        Assert.Equal(AbstractMembersOf(Load().GetType(name)!), AbstractMembersOf(real));
    }

    private static SortedSet<string> AbstractMembersOf(Type type) => new(
        type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(method => method.IsAbstract)
            .Select(method => method.ToString()!),
        StringComparer.Ordinal);

    private static HashSet<string> MembersOf(Type type) => type
        .GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        // The copy method of a derived record returns the derived type only on newer targets than those of the real packages.
        .Where(member => member.Name != "<Clone>$")
        .Select(
            member => member is FieldInfo { IsLiteral: true } constant
                ? $"{constant.Name} = {constant.GetRawConstantValue()}"
                : $"{member.MemberType} {member}")
        .ToHashSet(StringComparer.Ordinal);

    private static Assembly Load()
    {
        var release = $"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}";
        var configuration = AppContext.BaseDirectory.Contains(release, StringComparison.Ordinal) ? "Release" : "Debug";
        var file = Path.Combine(Repository.Root, "tests", "stand-ins", "bin", configuration, "net10.0", "JobPipeline.StandIns.dll");
        return AssemblyLoadContext.All.SelectMany(context => context.Assemblies)
            .FirstOrDefault(assembly => assembly.GetName().Name == "JobPipeline.StandIns")
            ?? new AssemblyLoadContext("stand-ins").LoadFromAssemblyPath(file);
    }
}
