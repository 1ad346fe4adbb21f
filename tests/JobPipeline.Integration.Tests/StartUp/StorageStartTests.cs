using System.Text.RegularExpressions;
using Azure;
using Azure.Identity;
using JobPipeline.AzureStorage.Start;
using JobPipeline.TestTools.Processes;

namespace JobPipeline.Integration.Tests.StartUp;

/// <summary>
/// A start without usable storage reports whether the cause is an outage or wrong credentials, and which setting to check.
/// </summary>
[Slow]
public sealed class StorageStartTests(SharedAzurite azurite)
{
    [Fact]
    public async Task Start_WhenTheStorageIsDown_ReportsTheWaitAndFails()
    {
        var nowhere = Regex.Replace(azurite.ConnectionString, "127.0.0.1:[0-9]+", HostProcess.FreeAddress().Authority, RegexOptions.None,
            TimeSpan.FromMinutes(1));

        var (code, output, errors) = await HostStart.RunAloudAsync(nowhere, "--JobPipeline:Storage:StartTimeout=00:00:02");

        Assert.Equal(69, code);
        Assert.Contains("Waiting for storage at http://127.0.0.1:", output, StringComparison.Ordinal);
        Assert.Contains("attempt 1: Connection refused", output, StringComparison.Ordinal);
        var line = Assert.Single(errors);
        Assert.Contains("did not answer within 2 seconds", line, StringComparison.Ordinal);
        Assert.Contains("JobPipeline:Storage:ConnectionString", line, StringComparison.Ordinal);
        Assert.DoesNotContain("dev.cs", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithAWrongKey_NamesTheCredentials()
    {
        var wrong = Regex.Replace(azurite.ConnectionString, "AccountKey=[^;]+", $"AccountKey={Convert.ToBase64String(new byte[64])}",
            RegexOptions.None, TimeSpan.FromMinutes(1));

        var (code, errors) = await HostStart.RunAsync(wrong);

        Assert.Equal(78, code);
        var line = Assert.Single(errors);
        Assert.Contains("refused the credentials of JobPipeline:Storage:ConnectionString (403", line, StringComparison.Ordinal);
        Assert.DoesNotContain("answer", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, "AuthorizationPermissionMismatch", 78, "refused the credentials")]
    [InlineData(401, "InvalidAuthenticationInfo", 78, "refused the credentials")]
    [InlineData(0, null, 69, "can't be used: No such host is known")]
    [InlineData(503, "ServerBusy", 69, "can't be used: it answered 503 ServerBusy")]
    [InlineData(400, "OutOfRangeInput", 69, "can't be used: it answered 400 OutOfRangeInput")]
    public void Of_EachStorageResponse_DistinguishesSettingsFromOutages(int status, string? code, int exit, string expected)
    {
        var error = StartUpError.Of(new RequestFailedException(status, "No such host is known.\nmore", code, innerException: null));

        Assert.Equal(exit, error!.ExitCode);
        Assert.Contains(expected, Assert.Single(error.Lines), StringComparison.Ordinal);
        Assert.DoesNotContain("dev.cs", error.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Of_AnIdentityThatCantSignIn_NamesARemedy()
    {
        var error = StartUpError.Of(
            new CredentialUnavailableException("DefaultAzureCredential failed to retrieve a token.\n- EnvironmentCredential …"));

        Assert.Equal(78, error!.ExitCode);
        Assert.Contains("JobPipeline:Storage:ConnectionString", Assert.Single(error.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ADefect_IsNotExplained() => Assert.Null(StartUpError.Of(new FormatException()));
}
