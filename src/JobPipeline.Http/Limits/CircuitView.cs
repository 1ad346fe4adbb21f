using JobPipeline.Instances;

namespace JobPipeline.Http.Limits;

/// <summary>A circuit as the API shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">The worst of all instances: open when it is open on one of them.</param>
/// <param name="JobTypes">The types whose jobs it holds back while it is open, as far as this instance knows them.</param>
/// <param name="Instances">The instances on which it is not closed. Others report with their beat, every ten seconds.</param>
public sealed record CircuitView(string Name, CircuitState State, IReadOnlyList<string> JobTypes, IReadOnlyList<CircuitInstanceView> Instances);

/// <summary>A circuit on one instance.</summary>
/// <param name="Instance">The instance.</param>
/// <param name="State">Where the circuit stands there.</param>
/// <param name="Since">Since when.</param>
/// <param name="OpenUntil">While it is open: when one job is let through to try.</param>
public sealed record CircuitInstanceView(string Instance, CircuitState State, DateTimeOffset? Since, DateTimeOffset? OpenUntil);

/// <summary>All circuits, by name.</summary>
public sealed record CircuitListView(IReadOnlyList<CircuitView> Circuits);
