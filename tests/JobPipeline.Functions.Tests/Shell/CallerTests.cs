using System.Net;
using System.Security.Claims;
using JobPipeline.Functions.Http;
using JobPipeline.Functions.StartUp;
using JobPipeline.Http.Requests;
using JobPipeline.SelfHost.Http;
using JobPipeline.Tests.Rig;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JobPipeline.Functions.Tests.Shell;

/// <summary>The caller of a request, on both hosts: only values that the host vouches for are used.</summary>
public sealed class CallerTests
{
    private const string OnAppService = "WEBSITE_HOSTNAME=jobs.azurewebsites.net";
    private const string SignIn = "WEBSITE_AUTH_ENABLED=True";
    private const string Nobody = "a caller of the Functions host";

    [Theory]
    [InlineData("", "", Nobody)]
    [InlineData("", "X-Forwarded-For: 203.0.113.9", Nobody)]
    [InlineData("WEBSITE_HOSTNAME=localhost:7071", "X-Forwarded-For: 203.0.113.9", Nobody)]
    [InlineData("", "X-MS-CLIENT-PRINCIPAL-NAME: root", Nobody)]
    [InlineData("WEBSITE_AUTH_ENABLED=False", "X-MS-CLIENT-PRINCIPAL-NAME: root", Nobody)]
    [InlineData(OnAppService, "X-MS-CLIENT-PRINCIPAL-NAME: root|X-Forwarded-For: 203.0.113.9", "203.0.113.9")]
    [InlineData(OnAppService, "X-Forwarded-For: 203.0.113.9:51234", "203.0.113.9")]
    [InlineData(OnAppService, "X-Forwarded-For: 10.0.0.1, root, 203.0.113.9:51234", "203.0.113.9")]
    [InlineData(OnAppService, "X-Forwarded-For: [2001:db8::7]:51234", "2001:db8::7")]
    [InlineData(OnAppService, "X-Forwarded-For: 203.0.113.9, root", Nobody)]
    [InlineData(OnAppService + "|" + SignIn, "X-MS-CLIENT-PRINCIPAL-NAME: ada@example.com|X-Forwarded-For: 203.0.113.9", "ada@example.com")]
    [InlineData(OnAppService + "|" + SignIn, "X-MS-CLIENT-PRINCIPAL-ID: 7f0c|X-Forwarded-For: 203.0.113.9", "7f0c")]
    [InlineData(OnAppService + "|" + SignIn, "X-Forwarded-For: 203.0.113.9", "203.0.113.9")]
    public void Functions_WithIdentityHeaders_TrustThemOnlyIfThePlatformSetsThem(string settings, string headers, string expected)
    {
        var request = RequestTo(Functions(settings), headers);
        request.HttpContext.Connection.RemoteIpAddress = IPAddress.Loopback;

        Assert.Equal(expected, Caller.Of(request));
    }

    [Fact]
    public void Functions_WithTheServicesOfTheApp_IdentifyCallersAsTheHostDoes()
    {
        var configuration = Settings("");
        var services = new ServiceCollection();
        services.AddSingleton(configuration);
        services.AddFunctionsApp(configuration, typeof(ScriptedJob).Assembly);
        using var provider = services.BuildServiceProvider();
        var request = RequestTo(provider.GetRequiredService<IRequestIdentity>(), "");
        request.HttpContext.Connection.RemoteIpAddress = IPAddress.Loopback;

        Assert.Equal(Nobody, Caller.Of(request));
    }

    [Fact]
    public void Functions_WithAKeyNameFromTheHost_NameTheKey()
    {
        var request = RequestTo(Functions(""), "");
        var claim = new Claim("http://schemas.microsoft.com/2017/07/functions/claims/keyid", "ops");
        request.HttpContext.User = new ClaimsPrincipal(new ClaimsIdentity([claim], "WebJobsAuthLevel"));

        Assert.Equal("key 'ops'", Caller.Of(request));
    }

    [Theory]
    [InlineData("", ForwardedHeaders.None)]
    [InlineData("WEBSITE_HOSTNAME=localhost:7071", ForwardedHeaders.None)]
    [InlineData(OnAppService, ForwardedHeaders.XForwardedProto)]
    public void Worker_OfTheApp_IgnoresForwardedHeaders(string settings, ForwardedHeaders expected)
    {
        var configuration = Settings(settings);
        // As in the worker's ASP.NET Core integration.
        var services = new ServiceCollection();
        services.Configure<ForwardedHeadersOptions>(options => options.ForwardedHeaders = ForwardedHeaders.All);
        services.AddFunctionsApp(configuration, typeof(ScriptedJob).Assembly);

        using var provider = services.BuildServiceProvider();

        Assert.Equal(expected, provider.GetRequiredService<IOptions<ForwardedHeadersOptions>>().Value.ForwardedHeaders);
    }

    [Theory]
    [InlineData("127.0.0.1", "a program on this machine")]
    [InlineData("::1", "a program on this machine")]
    [InlineData("::ffff:203.0.113.9", "203.0.113.9")]
    [InlineData("2001:db8::7", "2001:db8::7")]
    [InlineData(null, "an unknown caller")]
    public void SelfHost_WithIdentityHeaders_ReadsNone(string? address, string expected)
    {
        var request = RequestTo(
            new GateIdentity(), "X-Forwarded-For: 198.51.100.1|X-MS-CLIENT-PRINCIPAL-NAME: root|Forwarded: for=198.51.100.1");
        request.HttpContext.Connection.RemoteIpAddress = address is null ? null : IPAddress.Parse(address);

        Assert.Equal(expected, Caller.Of(request));
    }

    [Theory]
    [InlineData("ada\r\n2026-11-30 error: forged", "ada2026-11-30 error: forged")]
    [InlineData("a\u202Eda\u0000\u2028", "ada")]
    [InlineData(" ada ", "ada")]
    [InlineData("\ud800ada", "ada")]
    [InlineData("\r\n", "a program on this machine")]
    public void Name_OfACaller_IsOneLineOfPrintableText(string name, string expected)
    {
        var request = RequestTo(new GateIdentity(), "");
        request.HttpContext.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], "test"));
        request.HttpContext.Connection.RemoteIpAddress = IPAddress.Loopback;

        Assert.Equal(expected, Caller.Of(request));
    }

    [Fact]
    public void Name_OfAnyLength_IsTruncatedBetweenCharacters()
    {
        var request = RequestTo(new GateIdentity(), "");
        var name = "x" + string.Concat(Enumerable.Repeat("🦉", 5_000));
        request.HttpContext.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], "test"));

        var caller = Caller.Of(request);

        Assert.Equal(199, caller.Length);
        Assert.EndsWith("🦉", caller, StringComparison.Ordinal);
    }

    [Fact]
    public void Program_WithoutAName_IsNamedByItsId()
    {
        var request = RequestTo(new GateIdentity(), "");
        request.HttpContext.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("azp", "deployer")], "Bearer"));

        Assert.Equal("deployer", Caller.Of(request));
    }

    private static FunctionsIdentity Functions(string settings) => new(Settings(settings));

    private static IConfiguration Settings(string settings) => new ConfigurationBuilder().AddInMemoryCollection(
        settings.Split('|', StringSplitOptions.RemoveEmptyEntries)
            .Select(entry => entry.Split('='))
            .Select(entry => KeyValuePair.Create<string, string?>(entry[0], entry[1]))).Build();

    private static HttpRequest RequestTo(IRequestIdentity host, string headers)
    {
        var context = new DefaultHttpContext { RequestServices = new ServiceCollection().AddSingleton(host).BuildServiceProvider() };
        foreach (var header in headers.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(header => header.Split(": ", 2)))
            context.Request.Headers.Append(header[0], header[1]);
        return context.Request;
    }
}
