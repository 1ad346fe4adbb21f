using System.Net;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http;

/// <summary>Who asks, for the audit log and for what is kept of a request.</summary>
internal static class Caller
{
    /// <summary>Whoever the host has recognised, else where the request came from.</summary>
    public static string Of(HttpRequest request) =>
        request.HttpContext.User.Identity is { IsAuthenticated: true, Name: { } name } ? name
        : request.HttpContext.Connection.RemoteIpAddress is not { } address ? "somebody"
        : IPAddress.IsLoopback(address) ? "a program on this machine"
        : address.ToString();
}
