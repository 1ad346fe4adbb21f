using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using JobPipeline.TestTools.Azurite;
using MimeKit;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace JobPipeline.BuiltIn.Tests.Alerts;

/// <summary>A real local SMTP server that keeps the mails it receives.</summary>
internal sealed class MailServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<MimeMessage> _mails = new();
    private readonly Task _running;
    private int _signIns;

    private MailServer(int port, string? password, X509Certificate2? certificate, string? refused)
    {
        Port = port;
        var options = new SmtpServerOptionsBuilder().ServerName("localhost").Endpoint(endpoint =>
        {
            endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, port))
                .AuthenticationRequired(password is not null)
                .AllowUnsecureAuthentication(certificate is null);
            if (certificate is not null)
                endpoint.Certificate(certificate);
        });
        var services = new SmtpServer.ComponentModel.ServiceProvider();
        services.Add(new Store(_mails));
        services.Add(new Filter(refused));
        services.Add(new Authenticator(this, password));
        _running = new SmtpServer.SmtpServer(options.Build(), services).StartAsync(_stop.Token);
    }

    public int Port { get; }

    public IReadOnlyList<MimeMessage> Mails => [.. _mails];

    /// <summary>The number of attempts to sign in.</summary>
    public int SignIns => Volatile.Read(ref _signIns);

    /// <param name="password">The required password of the user "pipeline"; null if no sign-in is required.</param>
    /// <param name="certificate">The certificate for STARTTLS; null offers none.</param>
    /// <param name="refused">The mailbox that the server rejects as unknown.</param>
    public static async Task<MailServer> StartAsync(string? password = null, X509Certificate2? certificate = null, string? refused = null)
    {
        var server = new MailServer(AzuritePorts.Free().Blob, password, certificate, refused);
        await Eventually.TrueAsync(server.IsListeningAsync, "the mail server listens");
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ContinueWith(static _ => { }, TaskScheduler.Default);
        _stop.Dispose();
    }

    private async Task<bool> IsListeningAsync()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, Port, TestContext.Current.CancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private sealed class Store(ConcurrentQueue<MimeMessage> mails) : IMessageStore
    {
        public Task<SmtpResponse> SaveAsync(
            ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
        {
            using var stream = new MemoryStream(buffer.ToArray());
            mails.Enqueue(MimeMessage.Load(stream, cancellationToken));
            return Task.FromResult(SmtpResponse.Ok);
        }
    }

    private sealed class Filter(string? refused) : IMailboxFilter
    {
        public Task<bool> CanAcceptFromAsync(ISessionContext context, IMailbox from, int size, CancellationToken cancellationToken) =>
            Task.FromResult(true);

        public Task<bool> CanDeliverToAsync(ISessionContext context, IMailbox to, IMailbox from, CancellationToken cancellationToken) =>
            Task.FromResult($"{to.User}@{to.Host}" != refused);
    }

    private sealed class Authenticator(MailServer server, string? expected) : IUserAuthenticator
    {
        public Task<bool> AuthenticateAsync(ISessionContext context, string user, string password, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref server._signIns);
            return Task.FromResult(user == "pipeline" && password == expected);
        }
    }
}
