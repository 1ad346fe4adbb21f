using Microsoft.Extensions.Options;

namespace JobPipeline.BuiltIn.Tests.Web;

public sealed class OutboundOptionsTests
{
    [Theory]
    [InlineData("Outbound:AllowedHost:0", "a.test", "did you mean 'AllowedHosts'")]
    [InlineData("Outbound:AllowedHosts:0", "https://a.test", "'https://a.test' must be a host")]
    [InlineData("Outbound:AllowedHosts:0", "a.test:8080", "must be a host")]
    [InlineData("Outbound:AllowedHosts:0", "*", "must be a host")]
    [InlineData("Outbound:AllowedHosts:0", "*.10.0.0.1", "must be a host")]
    [InlineData("Outbound:AllowedNetworks:1", "10.1.0.0/33", "'10.1.0.0/33' must be a network")]
    [InlineData("Outbound:AllowedNetworks:1", "0.0.0.0/0", "must be a network")]
    [InlineData("Outbound:AllowedNetworks:1", "::/0", "must be a network")]
    [InlineData("Outbound:AllowedNetworks:1", "10.0.0.1", "must be a network")]
    [InlineData("Outbound:AllowedPorts:0", "0", "must be a port")]
    [InlineData("Outbound:AllowedPorts:0", "65536", "must be a port")]
    [InlineData("Outbound:AllowedPorts:0", "90-80", "must be a port")]
    [InlineData("Outbound:MaxResponseBytes", "16777217", "MaxResponseBytes")]
    [InlineData("Outbound:MaxRedirects", "21", "MaxRedirects")]
    [InlineData("Outbound:MaxRetryAfter", "00:00:00", "MaxRetryAfter")]
    [InlineData("Connections:ok:Header", "s3cr3t", "did you mean 'Headers'")]
    [InlineData("Connections:c:User", "ada", "Connections:c: requires BaseAddress")]
    [InlineData("Connections:c:BaseAddress", "http://a.test/", "Connections:c:BaseAddress")]
    [InlineData("Connections:c:BaseAddress", "https://ada:s3cr3t@a.test/", "Connections:c:BaseAddress")]
    [InlineData("Connections:c:BaseAddress", "https://a.test/?code=s3cr3t", "Connections:c:BaseAddress")]
    [InlineData("Connections:c:AllowedHosts:0", "a.test:80", "'a.test:80' must be a host")]
    [InlineData("Connections:ok:Headers:X-A", "s3cr3t\n", "the header 'X-A' requires a value")]
    [InlineData("Connections:ok:Headers:Host", "a.test", "the header 'Host' is set by the connection itself")]
    [InlineData("Connections:ok:User", "ada", "User and Password require each other")]
    public void Setting_ThatIsInvalid_FailsAtTheStartWithoutQuotingASecret(string name, string value, string why)
    {
        var error = Assert.Throws<OptionsValidationException>(
            () => new WebScene(("Connections:ok:BaseAddress", "https://ok.test"), (name, value)));

        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Outbound:AllowedHosts:0", "*.example.test")]
    [InlineData("Outbound:AllowedHosts:0", "10.0.0.1")]
    [InlineData("Outbound:AllowedHosts:0", "::1")]
    [InlineData("Outbound:AllowedNetworks:1", "10.0.0.0/8")]
    [InlineData("Outbound:AllowedNetworks:1", "fc00::/7")]
    [InlineData("Outbound:AllowedPorts:0", "8443")]
    [InlineData("Connections:c:BaseAddress", "http://localhost:5000/")]
    [InlineData("Connections:c:AllowedHosts:0", "*.example.test")]
    public async Task Setting_ThatIsValid_IsUsed(string name, string value)
    {
        await using var scene = new WebScene((name, value));

        Assert.NotNull(scene.Harness);
    }
}
