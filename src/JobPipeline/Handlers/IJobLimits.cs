namespace JobPipeline.Handlers;

/// <summary>
/// The configured limits, by name: for calls that count against the same limit that lets jobs start. A handler gets them from
/// <see cref="JobContext.Limits"/>; any other code can have them injected.
/// </summary>
/// <example>
/// <code>
/// await context.Limits["stripe"].AcquireAsync(cancellationToken);
/// </code>
/// </example>
public interface IJobLimits
{
    /// <summary>
    /// Gets a limit, for the key to which the running job belongs. Outside of a job, and for a job without the value that divides the
    /// limit, the key is empty.
    /// </summary>
    /// <param name="name">The name of the limit, as in <c>JobPipeline:Limits:{name}</c>.</param>
    /// <exception cref="ArgumentException">No limit has that name; the message lists the names.</exception>
    IJobLimit this[string name] { get; }

    /// <summary>Gets a limit for a key.</summary>
    /// <param name="name">The name of the limit, as in <c>JobPipeline:Limits:{name}</c>.</param>
    /// <param name="key">The key, such as a tenant. As for jobs, a key of more than 128 characters is cut.</param>
    /// <exception cref="ArgumentException">
    /// No limit has that name, or the limit is not divided by a key and <paramref name="key"/> is not empty.
    /// </exception>
    IJobLimit this[string name, string key] { get; }
}

/// <summary>A limit for one key.</summary>
public interface IJobLimit
{
    /// <summary>
    /// Takes one permit of the limit's rate. Jobs that start and calls that take permits share the rate, over all instances. A limit
    /// without a rate gives the permit at once: a job that runs holds its slot of a concurrency already.
    /// </summary>
    /// <remarks>A permit is not given back. If the call is cancelled while it waits, the permit is lost.</remarks>
    /// <param name="cancellationToken">A token to cancel the wait.</param>
    /// <exception cref="JobThrottledException">
    /// No permit is expected within 5 seconds, or the limit is closed. Let it pass: the job is deferred until the permit is expected, by
    /// an hour at most, and no attempt is used.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token, or the run of the job, was cancelled.</exception>
    ValueTask AcquireAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Closes the limit on all instances, because the service behind it asked to wait. Other instances go by it within two seconds. It
    /// never opens a limit earlier than it would open without the call, and writes nothing if the limit is known to be closed for as
    /// long.
    /// </summary>
    /// <param name="until">
    /// When calls may go on. A time of the past is ignored; one that is more than an hour away is cut to an hour. The limit opens two
    /// seconds later, for clocks that differ.
    /// </param>
    /// <param name="reason">The reason, for people. At most 200 characters are kept.</param>
    /// <param name="cancellationToken">A token to cancel the wait for the write.</param>
    Task HoldBackAsync(DateTimeOffset until, string reason, CancellationToken cancellationToken = default);
}
