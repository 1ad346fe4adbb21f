using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Meters;

namespace JobPipeline.Limits.Local;

/// <summary>
/// A gate as this instance sees it. The slots that the instance holds, and permits of a rate that it has taken in advance, are given out
/// here at no cost; everything else goes through <see cref="GateWork"/>, one write at a time, in which all who wait share.
/// </summary>
internal sealed class LocalGate : IDisposable
{
    /// <summary>How long what was read of a meter counts: by then at the latest, this instance sees that jobs are parked.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(2);

    /// <summary>The longest time that a gate is remembered for the sole reason that its rate still counts starts of the past.</summary>
    private static readonly TimeSpan LongestDebt = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly List<GateRequest> _requests = [];
    private readonly GateWork _work;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly TimeSpan _slotLease;
    private Meter _meter = Meter.Fresh;
    private DateTimeOffset _readAt;
    private bool _isRunning, _wantsTurn, _wantsTick, _isRetired;
    private int _inUse;

    public LocalGate(GateId id, LocalGateServices services)
    {
        Id = id;
        (_work, _time) = (new GateWork(this, services), services.Time);
        _slotLease = services.SlotLease;
        _timer = services.Time.CreateTimer(
            static state => ((LocalGate)state!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public GateId Id { get; }

    /// <summary>The meter as it was read or written last.</summary>
    public Meter Meter => Volatile.Read(ref _meter);

    /// <summary>The slots that jobs of this instance use.</summary>
    public int InUse => Volatile.Read(ref _inUse);

    /// <summary>The permits of a rate that were taken in advance. They change under the lock of this gate.</summary>
    public PrepaidPermits Prepaid { get; } = new();

    private int SlotsHeld => MeterRules.SlotsOf(_meter, _work.Instance, _time.GetUtcNow());

    /// <summary>
    /// Retires the gate if nothing here is worth keeping. From then on it answers <see cref="GateAnswer.Changed"/>: there may be another
    /// one for the same id, and two would not know of each other's slots.
    /// </summary>
    public bool TryRetire()
    {
        var now = _time.GetUtcNow();
        lock (_lock)
        {
            if (_isRunning || _inUse > 0 || _meter.HasLot || SlotsHeld > 0 || IsCurrent(now))
                return false;
            // Its row can be removed when nothing counts any more.
            if (MeterRules.FreshAt(_meter, _work.RuleOf(_meter), now) is { } fresh && fresh > now && fresh - now < LongestDebt)
                return false;
            _isRetired = true;
        }

        _timer.Dispose();
        return true;
    }

    /// <summary>Removes the row of a retired gate's meter, if it says no more than a missing one and has not changed.</summary>
    public Task RemoveMeterAsync() => _work.RemoveMeterAsync();

    /// <summary>Asks for a permit for a job without a row in the lot.</summary>
    public Task<GateAnswer> AskAsync()
    {
        lock (_lock)
        {
            if (!_isRetired && TryTakeHere())
                return Task.FromResult<GateAnswer>(new GateAnswer.Open(new SlotPermit(this)));
        }

        return DoAsync(GateRequestKind.Ask, row: null);
    }

    /// <summary>Asks for a permit for a job with a granted row; the row goes with it.</summary>
    public Task<GateAnswer> RedeemAsync(ParkedJob row) => DoAsync(GateRequestKind.Redeem, row);

    /// <summary>Takes a permit beyond what the gate allows.</summary>
    public Task<GateAnswer> ExceedAsync() => DoAsync(GateRequestKind.Exceed, row: null);

    /// <summary>Parks a job that the gate did not let start.</summary>
    public Task<GateAnswer> ParkAsync(ParkedJob row) => DoAsync(GateRequestKind.Park, row);

    /// <summary>Turns a permit into a granted row, while the job waits at another gate.</summary>
    public Task<GateAnswer> KeepAsync(ParkedJob row) => DoAsync(GateRequestKind.Keep, row);

    /// <summary>Runs a release turn.</summary>
    public Task TurnAsync() => DoAsync(GateRequestKind.Turn, row: null);

    /// <summary>Runs a release turn soon.</summary>
    public void RequestTurn()
    {
        lock (_lock)
            _wantsTurn = true;
        Start();
    }

    /// <summary>A job has ended, or did not start.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _inUse--;
            if (_meter.HasLot && _work.RuleOf(_meter).HasSlots)
                _wantsTurn = true;
            else if (!_isRunning)
                SetTimer();
        }

        Start();
    }

    public void Dispose()
    {
        lock (_lock)
            _isRetired = true;
        _timer.Dispose();
    }

    /// <summary>Whether the meter was read or written recently enough to go by.</summary>
    internal bool IsCurrent(DateTimeOffset now) => _readAt + Freshness > now;

    /// <summary>Keeps what was read or written.</summary>
    internal void Adopt(Meter meter, DateTimeOffset readAt)
    {
        lock (_lock)
            (_meter, _readAt) = (meter, readAt);
    }

    /// <summary>Forgets what was read, because it was found to be old.</summary>
    internal void Invalidate() => _readAt = default;

    /// <summary>Counts jobs that the last write lets start.</summary>
    internal void Admit(int count, int prepaid, DateTimeOffset now)
    {
        lock (_lock)
        {
            _inUse += count;
            Prepaid.Set(prepaid, now);
        }
    }

    /// <summary>
    /// Takes a permit of the rate for a call of a job that runs, if that costs no write. A lot does not matter: the job has started.
    /// </summary>
    internal bool TryTakePermit()
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            return !_isRunning && !_isRetired && IsCurrent(now) && !MeterRules.IsBlocked(_meter, now)
                && (_work.RuleOf(_meter).Rate is null || Prepaid.TryTake(now));
        }
    }

    /// <summary>Does what is asked for, together with all that waits.</summary>
    internal Task<GateAnswer> DoAsync(GateRequest request)
    {
        lock (_lock)
        {
            if (_isRetired)
                return Task.FromResult<GateAnswer>(GateAnswer.Changed.Instance);
            _requests.Add(request);
        }

        Start();
        return request.Answer;
    }

    private Task<GateAnswer> DoAsync(GateRequestKind kind, ParkedJob? row) => DoAsync(new GateRequest(kind, row));

    private bool TryTakeHere()
    {
        var now = _time.GetUtcNow();
        // While a write is under way, what is held may be about to change.
        if (_isRunning || _meter.HasLot || !IsCurrent(now) || MeterRules.IsBlocked(_meter, now))
            return false;
        var rule = _work.RuleOf(_meter);
        if (rule.HasSlots && _inUse >= SlotsHeld)
            return false;
        if (rule.Rate is not null && !Prepaid.TryTake(now))
            return false;
        _inUse++;
        return true;
    }

    private void Tick()
    {
        lock (_lock)
            _wantsTick = true;
        Start();
    }

    private void Start()
    {
        lock (_lock)
        {
            if (_isRunning || (_requests.Count == 0 && !_wantsTurn && !_wantsTick))
                return;
            _isRunning = true;
        }

        _ = RunAsync();
    }

    private async Task RunAsync()
    {
        while (true)
        {
            GateRequest[] requests;
            bool turn, tick;
            lock (_lock)
            {
                (requests, turn, tick) = ([.. _requests], _wantsTurn, _wantsTick);
                _requests.Clear();
                (_wantsTurn, _wantsTick) = (false, false);
                if (requests.Length == 0 && !turn && !tick)
                {
                    _isRunning = false;
                    SetTimer();
                    return;
                }
            }

            await _work.DoAsync(requests, turn, tick);
        }
    }

    /// <summary>Wakes this gate when a slot has been idle for long enough, a lease has to be renewed, or a release turn is due.</summary>
    private void SetTimer()
    {
        if (_isRetired)
            return;
        var delay = GateAlarm.DelayFor(_meter, _work.Instance, _inUse, _time.GetUtcNow(), _slotLease);
        _timer.Change(delay, Timeout.InfiniteTimeSpan);
    }
}
