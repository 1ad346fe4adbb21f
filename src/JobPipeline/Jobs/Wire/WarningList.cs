using System.Collections.ObjectModel;

namespace JobPipeline.Jobs.Wire;

/// <summary>Warnings about a message. They are not part of the request, so all lists of warnings are equal.</summary>
internal sealed class WarningList : ReadOnlyCollection<string>
{
    public static readonly WarningList None = new([]);

    private WarningList(IList<string> warnings) : base(warnings)
    {
    }

    public static WarningList Of(IReadOnlyList<string> warnings) =>
        warnings as WarningList ?? (warnings.Count == 0 ? None : new WarningList([.. warnings]));

    public override bool Equals(object? obj) => obj is WarningList;

    public override int GetHashCode() => 0;
}
