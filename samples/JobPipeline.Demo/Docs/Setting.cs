using System.Reflection;

namespace JobPipeline.Demo.Docs;

/// <summary>One setting, as the reference shows it.</summary>
/// <param name="Section">The path of its section.</param>
/// <param name="Name">Its name below the section; <c>{name}</c> and <c>{n}</c> stand for a name and an index that users choose.</param>
/// <param name="Property">The property that it is bound to.</param>
/// <param name="Value">The kind of value, with its range.</param>
/// <param name="Default">The default, or <see cref="NoDefault"/>.</param>
internal sealed record Setting(string Section, string Name, PropertyInfo Property, string Value, string Default)
{
    public const string NoDefault = "not set";
}
