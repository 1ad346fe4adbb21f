namespace JobPipeline.SelfHost.Listening;

/// <summary>
/// The received messages that wait for a free slot, by priority queue. The next one is chosen by smooth weighted round robin
/// (the algorithm of nginx's upstream module): the shares follow the weights, evenly interleaved, and no queue starves.
/// </summary>
internal sealed class Backlog : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _filled = new(0);
    private readonly Lane[] _lanes;

    public Backlog(IEnumerable<(string Lane, int Weight)> lanes) => _lanes = [.. lanes.Select(lane => new Lane(lane.Lane, lane.Weight))];

    public void Add(string lane, HeldDelivery held)
    {
        lock (_lock)
            Of(lane).Waiting.Enqueue(held);
        _filled.Release();
    }

    /// <summary>Waits until at most <paramref name="most"/> messages of the queue are waiting.</summary>
    public async Task WaitForRoomAsync(string lane, int most, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task taken;
            lock (_lock)
            {
                if (Of(lane).Waiting.Count <= most)
                    return;
                taken = Of(lane).NextTaken();
            }

            await taken.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Takes the next message; waits if there is none.</summary>
    public async Task<HeldDelivery> TakeAsync(CancellationToken cancellationToken)
    {
        await _filled.WaitAsync(cancellationToken);
        lock (_lock)
        {
            var chosen = Choose();
            var held = chosen.Waiting.Dequeue();
            chosen.Took();
            return held;
        }
    }

    /// <summary>Removes and returns all messages.</summary>
    public IReadOnlyList<HeldDelivery> TakeAll()
    {
        lock (_lock)
        {
            return [.. _lanes.SelectMany(Empty)];
        }
    }

    /// <summary>Removes and returns all messages of one queue.</summary>
    public IReadOnlyList<HeldDelivery> TakeAll(string lane)
    {
        lock (_lock)
        {
            return Empty(Of(lane));
        }
    }

    public void Dispose() => _filled.Dispose();

    /// <summary>
    /// Empties one queue, except for messages that a dispatcher has already reserved (it has passed the semaphore, but not the
    /// lock).
    /// </summary>
    private List<HeldDelivery> Empty(Lane lane)
    {
        var all = new List<HeldDelivery>();
        while (lane.Waiting.TryPeek(out var held) && _filled.Wait(0))
        {
            lane.Waiting.Dequeue();
            all.Add(held);
        }

        lane.Took();
        return all;
    }

    private Lane Choose()
    {
        var ready = _lanes.Where(lane => lane.Waiting.Count > 0).ToArray();
        foreach (var lane in ready)
            lane.Credit += lane.Weight;
        var chosen = ready.MaxBy(lane => lane.Credit)!;
        chosen.Credit -= ready.Sum(lane => lane.Weight);
        return chosen;
    }

    private Lane Of(string name) => Array.Find(_lanes, lane => lane.Name == name)!;

    private sealed class Lane(string name, int weight)
    {
        private TaskCompletionSource? _taken;

        public string Name { get; } = name;

        public int Weight { get; } = weight;

        public int Credit { get; set; }

        public Queue<HeldDelivery> Waiting { get; } = new();

        public Task NextTaken() => (_taken ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

        public void Took()
        {
            _taken?.TrySetResult();
            _taken = null;
        }
    }
}
