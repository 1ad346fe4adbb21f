using System.Diagnostics.CodeAnalysis;
using Azure;
using Azure.Core;

namespace JobPipeline.AzureStorage.Tests;

/// <summary>
/// A table query response without rows but with a continuation, as the service returns it when it interrupts a scan.
/// </summary>
internal sealed class StoppedAnswer : Response
{
    private static readonly HttpHeader[] Lines =
    [
        new("Content-Type", "application/json;odata=minimalmetadata"),
        new("x-ms-continuation-NextPartitionKey", "1!4!bmV4dA--"),
        new("x-ms-continuation-NextRowKey", "1!4!bmV4dA--"),
    ];

    public override int Status => 200;

    public override string ReasonPhrase => "OK";

    public override Stream? ContentStream { get; set; } = new MemoryStream("""{ "value": [] }"""u8.ToArray());

    public override string ClientRequestId { get; set; } = "";

    public override void Dispose()
    {
    }

    protected override bool ContainsHeader(string name) => TryGetHeader(name, out _);

    protected override IEnumerable<HttpHeader> EnumerateHeaders() => Lines;

    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
    {
        value = Lines.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
        return value is not null;
    }

    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        values = TryGetHeader(name, out var value) ? [value] : null;
        return values is not null;
    }
}
