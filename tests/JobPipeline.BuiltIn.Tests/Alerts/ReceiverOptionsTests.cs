using Microsoft.Extensions.Options;

namespace JobPipeline.BuiltIn.Tests.Alerts;

/// <summary>What is no receiver does not start, and no secret is in what is said of it.</summary>
public sealed class ReceiverOptionsTests
{
    private const string Prefix = "JobPipeline:Alerts:Receivers:";

    [Theory]
    [InlineData("Webhooks:chat:Url", "ftp://example.com", "Webhooks:chat:Url: is no http or https address")]
    [InlineData("Webhooks:chat:Url", "https://user:passw0rd@example.com", "Webhooks:chat:Url: is no http or https address")]
    [InlineData("Webhooks:chat:Secrets:0", "hunter2hunter2", "Webhooks:chat:Secrets: needs at least one secret, each of them whsec_")]
    [InlineData("Webhooks:chat:Secrets:0", "whsec_aHVudGVyMg==", "Webhooks:chat:Secrets: needs at least one secret, each of them whsec_")]
    [InlineData("Webhooks:chat:LeastSevere", "5", "Webhooks:chat:LeastSevere: must lie between 0 and 4")]
    [InlineData("Webhooks:chat:Secret", "x", "Webhooks:chat:Secret is not a setting; did you mean 'Secrets'?")]
    [InlineData("Emails:ops:Host", "mail server", "Emails:ops:Host: is no host name or address")]
    [InlineData("Emails:ops:Port", "0", "Emails:ops:Port: must lie between 1 and 65535")]
    [InlineData("Emails:ops:From", "nobody", "Emails:ops:From: is no address such as")]
    [InlineData("Emails:ops:To:0", "@", "Emails:ops:To: needs at least one address")]
    [InlineData("Emails:ops:Password", "hunter2", "Emails:ops:User: User and Password go together")]
    [InlineData("Email:ops:Host", "x", "Email is not a setting; did you mean 'Emails'?")]
    public void Start_WithAWrongReceiver_FailsNamingTheSetting(string name, string value, string expected)
    {
        var error = Assert.Throws<OptionsValidationException>(() => Start((name, value)));

        var failure = Assert.Single(error.Failures);
        Assert.StartsWith(Prefix + expected, failure, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("passw0rd", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_WithAPasswordThatWouldCrossTheNetworkInClear_Fails() => Assert.StartsWith(
        $"{Prefix}Emails:ops:Security: may be None only without a Password",
        Assert.Single(Assert.Throws<OptionsValidationException>(
            () => Start(("Emails:ops:Host", "mail.example.com"), ("Emails:ops:User", "u"), ("Emails:ops:Password", "p"), ("Emails:ops:Security", "None"))).Failures),
        StringComparison.Ordinal);

    [Fact]
    public void Start_WithReceivers_IsFine() => Start();

    private static void Start(params (string Name, string Value)[] settings)
    {
        (string, string?)[] all = [.. ReceiverScene.Webhook("https://example.com/hook"), .. ReceiverScene.Email(25), .. settings.Select(setting => ($"Receivers:{setting.Name}", (string?)setting.Value))];
        // Made, and with that validated, as at the start of a host.
        _ = new ReceiverScene(all);
    }
}
