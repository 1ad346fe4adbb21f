namespace JobPipeline.Tests.Interleavings;

/// <summary>Decides what happens next wherever there is more than one option.</summary>
internal interface IChooser
{
    /// <summary>Returns a number from 0 to <paramref name="options"/> − 1.</summary>
    int Choose(int options);
}

/// <summary>Chooses at random from a seed (SplitMix64), so that a printed seed repeats a run.</summary>
internal sealed class SeededChooser(ulong seed) : IChooser
{
    private ulong _state = seed;

    public int Choose(int options)
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (int)((z ^ (z >> 31)) % (ulong)options);
    }
}

/// <summary>
/// Enumerates every sequence of choices up to a depth, one per run; beyond the depth it takes the first option.
/// </summary>
internal sealed class ExhaustiveChooser(int depth) : IChooser
{
    private readonly List<(int Choice, int Options)> _path = [];
    private int _position;

    public int Choose(int options)
    {
        if (_position >= depth)
            return 0;
        if (_position == _path.Count)
            _path.Add((0, options));
        return _path[_position++].Choice;
    }

    /// <summary>Moves to the next sequence. Returns false when none is left.</summary>
    public bool Next()
    {
        _position = 0;
        while (_path.Count > 0)
        {
            var (choice, options) = _path[^1];
            _path.RemoveAt(_path.Count - 1);
            if (choice + 1 < options)
            {
                _path.Add((choice + 1, options));
                return true;
            }
        }

        return false;
    }
}

/// <summary>Enumerates every sequence of choices within a window; before and after it, takes the first option.</summary>
internal sealed class WindowChooser(int skip, int depth) : IChooser
{
    private readonly ExhaustiveChooser _window = new(depth);
    private int _position;

    public int Choose(int options) => _position++ < skip ? 0 : _window.Choose(options);

    /// <inheritdoc cref="ExhaustiveChooser.Next"/>
    public bool Next()
    {
        _position = 0;
        return _window.Next();
    }
}
