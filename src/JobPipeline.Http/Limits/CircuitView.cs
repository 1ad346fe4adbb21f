using JobPipeline.Instances;

namespace JobPipeline.Http.Limits;

/// <summary>The API representation of a circuit.</summary>
/// <param name="Name">The name of the circuit.</param>
/// <param name="State">The worst state on any instance: open if it is open on one of them.</param>
/// <param name="JobTypes">The job types that use the circuit, as far as this instance knows them.</param>
/// <param name="Instances">The instances on which it is not closed. Other instances report with their heartbeat, every 10 seconds.</param>
internal sealed record CircuitView(
    string Name, CircuitState State, IReadOnlyList<string> JobTypes, IReadOnlyList<CircuitInstanceView> Instances);

/// <summary>A circuit on one instance.</summary>
/// <param name="Instance">The name of the instance.</param>
/// <param name="State">The state of the circuit on that instance.</param>
/// <param name="Since">When it entered that state.</param>
/// <param name="OpenUntil">When an open circuit allows a trial call.</param>
internal sealed record CircuitInstanceView(string Instance, CircuitState State, DateTimeOffset? Since, DateTimeOffset? OpenUntil);

/// <summary>All circuits, by name.</summary>
internal sealed record CircuitListView(IReadOnlyList<CircuitView> Circuits);
