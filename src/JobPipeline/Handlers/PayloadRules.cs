using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace JobPipeline.Handlers;

/// <summary>
/// Determines whether a payload type declares validation at all. Most types do not, and looking for validation attributes costs
/// more than parsing the payload.
/// </summary>
internal static class PayloadRules<TPayload>
{
    private static readonly bool AreDeclared = AreDeclaredBy(typeof(TPayload));

    public static bool MayApplyTo(TPayload payload) => AreDeclared || payload?.GetType() != typeof(TPayload);

    /// <summary>Whether the type declares validation, as seen by <see cref="Validator"/>, which uses the type descriptor.</summary>
    private static bool AreDeclaredBy(Type type) =>
        typeof(IValidatableObject).IsAssignableFrom(type)
        || AreAmong(TypeDescriptor.GetAttributes(type))
        || TypeDescriptor.GetProperties(type).Cast<PropertyDescriptor>().Any(property => AreAmong(property.Attributes));

    private static bool AreAmong(AttributeCollection attributes) => attributes.OfType<ValidationAttribute>().Any();
}
