namespace JobPipeline.Alerts.Notices;

/// <summary>A receiver of notifications.</summary>
/// <param name="Name">The name in configuration; unique among the receivers of its job type.</param>
/// <param name="JobType">The type of the job that notifies it, with an <see cref="AlertDelivery"/> as its payload.</param>
/// <param name="LeastSevere">The least severe severity that it is notified about: 0 for critical alerts only, 4 for all.</param>
public sealed record AlertReceiver(string Name, string JobType, int LeastSevere = 4);

/// <summary>Provides the receivers of one kind.</summary>
public interface IAlertReceivers
{
    /// <summary>The configured receivers.</summary>
    IReadOnlyList<AlertReceiver> All { get; }
}

/// <summary>The payload of a job that notifies a receiver. It contains only the receiver's name, not its address or credentials.</summary>
/// <param name="Receiver">The name of the receiver.</param>
/// <param name="Notice">The notification.</param>
public sealed record AlertDelivery(string Receiver, AlertNotification Notice);
