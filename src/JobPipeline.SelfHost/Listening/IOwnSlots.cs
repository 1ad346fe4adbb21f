namespace JobPipeline.SelfHost.Listening;

/// <summary>The slots of this process, for messages that it sends to itself.</summary>
internal interface IOwnSlots
{
    /// <summary>Gets the maximum number of messages that are processed at a time.</summary>
    int Capacity { get; }

    /// <summary>Whether a new message of the queue may start before others: as far as is known, none of them waits.</summary>
    /// <param name="queue">The priority queue.</param>
    /// <param name="recent">The age up to which what is known counts.</param>
    bool HasRoomFor(string queue, TimeSpan recent);

    /// <summary>Adds a message. Returns false when nothing is started any more.</summary>
    bool TryAdd(HeldDelivery held);

    /// <summary>Makes a message visible to others.</summary>
    Task GiveBackAsync(HeldDelivery held);
}
