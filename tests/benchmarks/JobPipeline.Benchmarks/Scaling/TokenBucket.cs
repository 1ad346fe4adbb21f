namespace JobPipeline.Benchmarks.Scaling;

/// <summary>A limit that refills continuously. Who finds it empty waits its turn.</summary>
/// <param name="rate">The tokens a second.</param>
internal sealed class TokenBucket(double rate)
{
    /// <summary>The tokens of this many seconds can be taken at once.</summary>
    private const double Burst = 0.1;

    private double _paidUntil = double.NegativeInfinity;

    /// <summary>Takes tokens and returns when they are granted.</summary>
    /// <param name="now">The time, in seconds; not before that of the last call.</param>
    /// <param name="tokens">The number of tokens.</param>
    public double Take(double now, double tokens)
    {
        if (tokens <= 0)
            return now;
        _paidUntil = Math.Max(_paidUntil, now - Burst) + (tokens / rate);
        return Math.Max(now, _paidUntil);
    }
}
