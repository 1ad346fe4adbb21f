namespace JobPipeline.Tests.Interleavings;

/// <summary>Decides what happens next wherever more than one thing could.</summary>
internal interface IChooser
{
    /// <summary>A number from 0 to <paramref name="options"/> − 1.</summary>
    int Choose(int options);
}

/// <summary>Follows a seed (SplitMix64), so that a printed seed repeats a run.</summary>
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
/// Walks through every sequence of choices up to a depth, one run a sequence; beyond the depth the first option is taken.
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

    /// <summary>Moves on to the next sequence. False: there is none left.</summary>
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

/// <summary>Takes the first option up to a point, every sequence of choices from there on, and the first option again after them.</summary>
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
