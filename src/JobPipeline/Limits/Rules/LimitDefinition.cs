using JobPipeline.Configuration;

namespace JobPipeline.Limits.Rules;

/// <summary>A limit as it is configured, with the changes that were made at run time.</summary>
internal sealed class LimitDefinition
{
    private readonly LimitRule _rule;
    private readonly Dictionary<string, LimitRule> _keys;

    /// <param name="name">The name of the limit.</param>
    /// <param name="options">Its settings, which are valid (<see cref="LimitOptionRules"/>).</param>
    public LimitDefinition(string name, LimitOptions options)
    {
        (Name, Key, OnLimit) = (name, options.Key, options.OnLimit);
        _rule = RuleOf(options, new KeyLimitOptions());
        _keys = options.Keys.ToDictionary(key => key.Key, key => RuleOf(options, key.Value), StringComparer.Ordinal);
    }

    public string Name { get; }

    /// <inheritdoc cref="LimitOptions.Key"/>
    public string? Key { get; }

    public OnLimit OnLimit { get; }

    /// <summary>The rule of keys without one of their own.</summary>
    public LimitRule Rule => _rule;

    /// <summary>The rules of single keys.</summary>
    public IReadOnlyDictionary<string, LimitRule> Keys => _keys;

    /// <summary>The rule for a key.</summary>
    public LimitRule RuleOf(string key) => _keys.GetValueOrDefault(key) ?? _rule;

    private static LimitRule RuleOf(LimitOptions limit, KeyLimitOptions key)
    {
        var rate = (key.Rate ?? limit.Rate) is { } text
            && LimitRate.TryParse(text, key.Burst ?? limit.Burst, limit.Algorithm, out var parsed) ? parsed : null;
        return new LimitRule(key.Concurrency ?? limit.Concurrency, rate);
    }
}
