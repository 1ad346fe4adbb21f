namespace JobPipeline.Alerts.Notices;

/// <summary>Somebody who is told of alerts.</summary>
/// <param name="Name">Its name in configuration; unique among those of its job type.</param>
/// <param name="JobType">The type of the job that tells it, with an <see cref="AlertDelivery"/> as its payload.</param>
/// <param name="LeastSevere">It is told of alerts of this severity and of more severe ones: 0 only of critical ones, 4 of all.</param>
public sealed record AlertReceiver(string Name, string JobType, int LeastSevere = 4);

/// <summary>Knows receivers of one kind.</summary>
public interface IAlertReceivers
{
    /// <summary>All of them; none where none is configured.</summary>
    IReadOnlyList<AlertReceiver> All { get; }
}

/// <summary>The payload of a job that tells a receiver. It names the receiver; where that is and by which credentials it is reached is not in it.</summary>
/// <param name="Receiver">The receiver's name.</param>
/// <param name="Notice">What to tell.</param>
public sealed record AlertDelivery(string Receiver, AlertNotice Notice);
