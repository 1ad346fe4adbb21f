using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using JobPipeline.Jobs;
using JobPipeline.Testing;
using JobPipeline.TestTools.Azurite;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.BuiltIn.Tests;

/// <summary>One Azurite for the tests of the built-in jobs; each test uses its own names.</summary>
public sealed class BuiltInStorage : IAsyncLifetime
{
    private AzuriteProcess? _azurite;
    private int _names;

    public BlobServiceClient Blobs => new(_azurite!.ConnectionString);

    public TableServiceClient Tables => new(_azurite!.ConnectionString);

    public async ValueTask InitializeAsync()
    {
        _azurite = await AzuriteProcess.StartAsync();
        await Blobs.GetBlobContainerClient("inbox").CreateIfNotExistsAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_azurite is not null)
            await _azurite.DisposeAsync();
    }

    public string NewName(string prefix) => $"{prefix}{Interlocked.Increment(ref _names)}";

    /// <summary>Creates a harness with the built-in jobs on the in-memory pipeline and this storage.</summary>
    /// <param name="roots">The folders that jobs may read.</param>
    /// <param name="policy">A policy for the requests of every Azure client.</param>
    /// <param name="store">The job store; the default is in memory.</param>
    /// <param name="settings">Additional configuration.</param>
    internal JobTestHarness Harness(
        IEnumerable<string>? roots = null,
        HttpPipelinePolicy? policy = null,
        IJobStore? store = null,
        IEnumerable<KeyValuePair<string, string?>>? settings = null)
    {
        var configuration = (roots ?? [])
            .Select((root, i) => new KeyValuePair<string, string?>($"JobPipeline:BuiltIn:FileRoots:{i}", root))
            .Concat(settings ?? [])
            .ToList();
        return new JobTestHarness(new JobTestHarnessOptions
        {
            Assemblies = [typeof(BuiltInServices).Assembly],
            Configuration = configuration,
            ConfigureServices = services =>
            {
                services.AddSingleton(new BlobServiceClient(_azurite!.ConnectionString, With(new BlobClientOptions(), policy)));
                services.AddSingleton(new TableServiceClient(_azurite.ConnectionString, With(new TableClientOptions(), policy)));
                services.AddBuiltInJobs(
                    new Microsoft.Extensions.Configuration.ConfigurationBuilder().Add(
                        new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource { InitialData = configuration }).Build());
                if (store is not null)
                    services.AddSingleton(store);
            },
        });
    }

    /// <summary>Uploads a blob and returns its address for a payload.</summary>
    public async Task<string> UploadAsync(BinaryData content, CancellationToken cancellationToken)
    {
        var name = NewName("file-") + ".csv";
        await Blobs.GetBlobContainerClient("inbox").GetBlobClient(name).UploadAsync(content, overwrite: true, cancellationToken);
        return $"inbox/{name}";
    }

    public Task<string> UploadSampleAsync(string file, CancellationToken cancellationToken) =>
        UploadAsync(BinaryData.FromBytes(File.ReadAllBytes(Sample(file))), cancellationToken);

    public static string Sample(string file) => Path.Combine(AppContext.BaseDirectory, "samples", file);

    private static TOptions With<TOptions>(TOptions options, HttpPipelinePolicy? policy)
        where TOptions : ClientOptions
    {
        if (policy is not null)
            options.AddPolicy(policy, HttpPipelinePosition.PerCall);
        return options;
    }
}

[CollectionDefinition(Name)]
public sealed class BuiltInCollection : ICollectionFixture<BuiltInStorage>
{
    public const string Name = "built-in jobs";
}
