using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace JobPipeline.Configuration;

/// <summary>Validates data annotations. The messages contain the full path of the setting, as in configuration.</summary>
internal sealed class OptionAnnotations<TOptions>(string section) : IValidateOptions<TOptions>
    where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var errors = OptionAnnotations.Errors(section, options).ToList();
        return errors.Count > 0 ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }
}

internal static class OptionAnnotations
{
    /// <summary>Gets one line for each setting below <paramref name="path"/> that is invalid.</summary>
    public static IEnumerable<string> Errors(string path, object options)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        return results.Select(result =>
            $"{string.Join(", ", result.MemberNames.Select(member => $"{path}:{member}").DefaultIfEmpty(path))}: "
            + $"{result.ErrorMessage}{ValueOf(options, result.MemberNames)}");
    }

    /// <summary>Gets the value that is out of range. Other values are not shown, because a text may be a secret.</summary>
    private static string ValueOf(object options, IEnumerable<string> members) =>
        members.ToList() is [var member]
        && options.GetType().GetProperty(member) is { } property && property.IsDefined(typeof(RangeAttribute), inherit: true)
            ? string.Create(CultureInfo.InvariantCulture, $" It is '{property.GetValue(options)}'.")
            : "";
}
