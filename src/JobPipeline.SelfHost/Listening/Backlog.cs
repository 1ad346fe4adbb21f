namespace JobPipeline.SelfHost.Listening;

/// <summary>
/// The received messages that wait for a free slot, by priority queue. The next one is chosen by smooth weighted round robin
/// (the algorithm of nginx's upstream module): the shares follow the weights, evenly interleaved, and no queue starves.
/// </summary>
internal sealed class Backlog : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _filled = new(0);
    private readonly Queue[] _queues;
    private bool _isClosed;

    public Backlog(IEnumerable<(string Queue, int Weight)> queues) =>
        _queues = [.. queues.Select(queue => new Queue(queue.Queue, queue.Weight))];

    public void Add(string queue, HeldDelivery held)
    {
        lock (_lock)
            Of(queue).Waiting.Enqueue(held);
        _filled.Release();
    }

    /// <summary>Adds a message unless the backlog is closed.</summary>
    public bool TryAdd(string queue, HeldDelivery held)
    {
        lock (_lock)
        {
            if (_isClosed)
                return false;
            Of(queue).Waiting.Enqueue(held);
        }

        _filled.Release();
        return true;
    }

    /// <summary>Gets the number of messages of the queue that wait.</summary>
    public int Count(string queue)
    {
        lock (_lock)
            return Of(queue).Waiting.Count;
    }

    /// <summary>Waits until at most <paramref name="most"/> messages of the queue are waiting.</summary>
    public async Task WaitForRoomAsync(string queue, int most, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task taken;
            lock (_lock)
            {
                if (Of(queue).Waiting.Count <= most)
                    return;
                taken = Of(queue).NextTaken();
            }

            await taken.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Takes the next message; waits if there is none. Returns null, and leaves the message, if <paramref name="mayStart"/> does.
    /// </summary>
    public async Task<HeldDelivery?> TakeAsync(Func<bool> mayStart, CancellationToken cancellationToken)
    {
        await _filled.WaitAsync(cancellationToken);
        if (!mayStart())
        {
            _filled.Release();
            return null;
        }

        lock (_lock)
        {
            var chosen = Choose();
            var held = chosen.Waiting.Dequeue();
            chosen.Took();
            return held;
        }
    }

    /// <summary>Closes the backlog, and removes and returns all messages.</summary>
    public IReadOnlyList<HeldDelivery> Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            return [.. _queues.SelectMany(Empty)];
        }
    }

    /// <summary>Removes and returns all messages of one queue.</summary>
    public IReadOnlyList<HeldDelivery> TakeAll(string queue)
    {
        lock (_lock)
        {
            return Empty(Of(queue));
        }
    }

    public void Dispose() => _filled.Dispose();

    /// <summary>
    /// Empties one queue, except for messages that a dispatcher has already reserved (it has passed the semaphore, but not the
    /// lock).
    /// </summary>
    private List<HeldDelivery> Empty(Queue queue)
    {
        var all = new List<HeldDelivery>();
        while (queue.Waiting.TryPeek(out var held) && _filled.Wait(0))
        {
            queue.Waiting.Dequeue();
            all.Add(held);
        }

        queue.Took();
        return all;
    }

    private Queue Choose()
    {
        var ready = _queues.Where(queue => queue.Waiting.Count > 0).ToArray();
        foreach (var queue in ready)
            queue.Credit += queue.Weight;
        var chosen = ready.MaxBy(queue => queue.Credit)!;
        chosen.Credit -= ready.Sum(queue => queue.Weight);
        return chosen;
    }

    private Queue Of(string name) => Array.Find(_queues, queue => queue.Name == name)!;

    private sealed class Queue(string name, int weight)
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
