using System.Net;
using System.Net.Sockets;
using Azure.Data.Tables;
using JobPipeline.SelfHost.Http;

namespace JobPipeline.Integration.Tests.StartUp;

/// <summary>
/// An address that can't be listened on is reported in one line that names the setting, before the pipeline starts.
/// </summary>
[Slow]
public sealed class AddressTests(SharedAzurite azurite)
{
    private const string Key = "JobPipeline:Http:Keys:ops=a-key-that-nobody-would-guess";

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task Start_OnAPortInUse_FailsBeforeThePipelineStarts(string host)
    {
        using var other = Take();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var prefix = azurite.NewPrefix();

        var (code, errors) = await HostStart.RunAsync(
            azurite.ConnectionString, $"--JobPipeline:Http:Url=http://{host}:{port}", $"--JobPipeline:Storage:Prefix={prefix}");

        Assert.Equal(78, code);
        var line = Assert.Single(errors);
        Assert.StartsWith($"Can't start: JobPipeline:Http:Url is 'http://{host}:{port}', but port {port} is in use by another program.",
            line, StringComparison.Ordinal);
        Assert.Empty(await InstancesAsync(prefix));
    }

    [Fact]
    public async Task Start_OnAPortInUseFromTheServerSection_MarksTheInstanceStopped()
    {
        using var other = Take();
        var prefix = azurite.NewPrefix();

        var (code, errors) = await HostStart.RunAsync(
            azurite.ConnectionString, $"--Kestrel:Endpoints:Api:Url=http://{other.LocalEndpoint}",
                $"--JobPipeline:Storage:Prefix={prefix}");

        Assert.Equal(78, code);
        Assert.Contains("An address of Kestrel:Endpoints can't be bound", Assert.Single(errors), StringComparison.Ordinal);
        Assert.All(await InstancesAsync(prefix), row => Assert.NotNull(row["GoodbyeAt"]));
    }

    [Theory]
    [InlineData("http://192.0.2.1:7079", "192.0.2.1 is not an address of this machine")]
    [InlineData("https://127.0.0.1:0", "no certificate is configured. Set Kestrel:Certificates:Default:Path")]
    public async Task Start_OnAnInvalidAddress_NamesTheSetting(string url, string expected)
    {
        var (code, errors) = await HostStart.RunAsync(
            azurite.ConnectionString, $"--JobPipeline:Http:Url={url}", $"--{Key}", $"--JobPipeline:Storage:Prefix={azurite.NewPrefix()}");

        Assert.Equal(78, code);
        Assert.StartsWith($"Can't start: JobPipeline:Http:Url is '{url}', but ", Assert.Single(errors), StringComparison.Ordinal);
        Assert.Contains(expected, errors[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        SocketError.AccessDenied,
        "http://127.0.0.1:80",
        "is not allowed to listen on port 80. Set JobPipeline:Http:Url to a port of 1024 or above")]
    [InlineData(SocketError.AddressAlreadyInUse, "http://[::1]:65535", "for example http://[::1]:7071")]
    [InlineData(SocketError.AddressFamilyNotSupported, "http://[::1]:7071", "not an address of this machine")]
    [InlineData(SocketError.NoBufferSpaceAvailable, "http://127.0.0.1:7071", "can't listen there (NoBufferSpaceAvailable)")]
    public void Explain_EachFailure_NamesARemedy(SocketError error, string url, string expected)
    {
        var line = ListenErrors.Explain(error, url);

        Assert.StartsWith($"JobPipeline:Http:Url is '{url}', but ", line, StringComparison.Ordinal);
        Assert.Contains(expected, line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://jobs.example.com:7071")]
    [InlineData("not an address")]
    public void ErrorOf_AnAddressThatOnlyTheServerCanCheck_IsNull(string url) => Assert.Null(ListenCheck.ErrorOf(url));

    private static TcpListener Take()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private async Task<List<TableEntity>> InstancesAsync(string prefix)
    {
        var tables = new TableServiceClient(azurite.ConnectionString);
        var rows = new List<TableEntity>();
        var token = TestContext.Current.CancellationToken;
        await foreach (var table in tables.QueryAsync(table => table.Name == prefix + "Instances", cancellationToken: token))
        {
            await foreach (var row in tables.GetTableClient(table.Name).QueryAsync<TableEntity>(cancellationToken: token))
                rows.Add(row);
        }

        return rows;
    }
}
