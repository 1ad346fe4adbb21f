using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using JobPipeline.BuiltIn.Web.Outbound;

namespace JobPipeline.BuiltIn.Tests.Web;

/// <summary>A DNS resolver with scripted answers: each answer once, the last one repeatedly.</summary>
internal sealed class ScriptedResolver : IHostResolver
{
    private readonly ConcurrentDictionary<string, Queue<string[]>> _answers = new(StringComparer.OrdinalIgnoreCase);
    private int _asked;

    public int Asked => Volatile.Read(ref _asked);

    /// <param name="host">The host name.</param>
    /// <param name="answers">Addresses, separated by commas.</param>
    public ScriptedResolver With(string host, params string[] answers)
    {
        _answers[host] = new Queue<string[]>(answers.Select(answer => answer.Split(',')));
        return this;
    }

    public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _asked);
        if (!_answers.TryGetValue(host, out var answers))
            throw new SocketException((int)SocketError.HostNotFound);
        var answer = answers.Count > 1 ? answers.Dequeue() : answers.Peek();
        return Task.FromResult<IReadOnlyList<IPAddress>>(Array.ConvertAll(answer, IPAddress.Parse));
    }
}
