using Microsoft.Extensions.Options;

namespace JobPipeline.BuiltIn.Tests.Alerts;

/// <summary>A host with an invalid receiver does not start, and the error contains no secret.</summary>
public sealed class ReceiverOptionsTests
{
    private const string Prefix = "JobPipeline:Alerts:Receivers:";

    [Theory]
    [InlineData("Webhooks:chat:Url", "ftp://example.com", "Webhooks:chat:Url: must be an http or https address")]
    [InlineData("Webhooks:chat:Url", "https://user:passw0rd@example.com", "Webhooks:chat:Url: must be an http or https address")]
    [InlineData(
        "Webhooks:chat:Secrets:0", "hunter2hunter2", "Webhooks:chat:Secrets: must contain at least one secret, each of them whsec_")]
    [InlineData(
        "Webhooks:chat:Secrets:0", "whsec_aHVudGVyMg==", "Webhooks:chat:Secrets: must contain at least one secret, each of them whsec_")]
    [InlineData("Webhooks:chat:LeastSevere", "5", "Webhooks:chat:LeastSevere: must be between 0 and 4")]
    [InlineData("Webhooks:chat:Secret", "x", "Webhooks:chat:Secret is not a setting; did you mean 'Secrets'?")]
    [InlineData("Emails:ops:Host", "mail server", "Emails:ops:Host: is not a host name or IP address")]
    [InlineData("Emails:ops:Port", "0", "Emails:ops:Port: must be between 1 and 65535")]
    [InlineData("Emails:ops:From", "nobody", "Emails:ops:From: must be an email address, such as")]
    [InlineData("Emails:ops:To:0", "@", "Emails:ops:To: must contain one or more email addresses")]
    [InlineData("Emails:ops:Password", "hunter2", "Emails:ops:User: requires Password, and Password requires User")]
    [InlineData("Email:ops:Host", "x", "Email is not a setting; did you mean 'Emails'?")]
    public void Start_WithAnInvalidReceiver_FailsAndNamesTheSetting(string name, string value, string expected)
    {
        var error = Assert.Throws<OptionsValidationException>(() => Start((name, value)));

        var failure = Assert.Single(error.Failures);
        Assert.StartsWith(Prefix + expected, failure, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("passw0rd", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_WithAPasswordSentInClearText_Fails()
    {
        var error = Assert.Throws<OptionsValidationException>(
            () => Start(
                ("Emails:ops:Host", "mail.example.com"),
                ("Emails:ops:User", "u"),
                ("Emails:ops:Password", "p"),
                ("Emails:ops:Security", "None")));

        Assert.StartsWith(
            $"{Prefix}Emails:ops:Security: may be None only without a Password",
            Assert.Single(error.Failures),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Start_WithReceivers_Succeeds() => Start();

    private static void Start(params (string Name, string Value)[] settings)
    {
        (string, string?)[] all =
        [
            .. ReceiverScene.Webhook("https://example.com/hook"), .. ReceiverScene.Email(25),
            .. settings.Select(setting => ($"Receivers:{setting.Name}", (string?)setting.Value)),
        ];
        // Creating the options validates them, as at the start of a host.
        _ = new ReceiverScene(all);
    }
}
