namespace JobPipeline.Failures.Fingerprints;

/// <summary>
/// The method that a line of a stack trace names, as its author wrote it: without line numbers, paths, parameters, generic
/// arguments, and what the compiler made of it (async state machines, closures, lambdas, local functions).
/// </summary>
internal ref struct FrameName
{
    /// <summary>Longer names are cut.</summary>
    public const int MaxLength = 400;

    private readonly Span<char> _buffer;
    private int _length;
    private int _lastSegment;
    private bool _isStateMachine;

    private FrameName(Span<char> buffer) => _buffer = buffer;

    /// <summary>Empty for a line that is no frame.</summary>
    /// <param name="line">Such as <c>at Shop.Orders.&lt;SendAsync&gt;d__12.MoveNext() in Orders.cs:line 7</c>.</param>
    /// <param name="buffer">Room for the answer: <see cref="MaxLength"/> characters.</param>
    public static ReadOnlySpan<char> Read(ReadOnlySpan<char> line, Span<char> buffer)
    {
        line = line.Trim();
        var open = line.IndexOf('(');
        if (open <= 0 || line[0] == '-')
            return default;
        var head = line[..open].TrimEnd();
        // The word before it is "at" in one language or another.
        var start = LastSpace(head) + 1;
        var method = head[start..];
        if (start == 0 || method.IndexOf('.') < 0)
            return default;
        var name = new FrameName(buffer);
        name.AddSegments(method);
        return buffer[..name._length];
    }

    /// <summary>The last space outside of brackets.</summary>
    private static int LastSpace(ReadOnlySpan<char> text)
    {
        var depth = 0;
        for (var i = text.Length - 1; i >= 0; i--)
        {
            if (text[i] is '>' or ']')
                depth++;
            else if (text[i] is '<' or '[')
                depth--;
            else if (depth <= 0 && char.IsWhiteSpace(text[i]))
                return i;
        }

        return -1;
    }

    private void AddSegments(ReadOnlySpan<char> method)
    {
        var (start, depth) = (0, 0);
        for (var i = 0; i < method.Length; i++)
        {
            depth += method[i] switch { '<' or '[' => 1, '>' or ']' => -1, _ => 0 };
            if (depth > 0 || method[i] is not ('.' or '+' or '/'))
                continue;
            AddSegment(method[start..i]);
            start = i + 1;
        }

        AddSegment(method[start..]);
    }

    private void AddSegment(ReadOnlySpan<char> segment)
    {
        var isMoveNext = _isStateMachine && segment.SequenceEqual("MoveNext");
        _isStateMachine = false;
        if (segment.IsEmpty || isMoveNext)
            return;
        if (segment[0] == '<')
        {
            AddGenerated(segment);
            return;
        }

        // A generic type's arity or arguments; a closure of F# with its line number.
        var end = segment.IndexOfAny("`[<@");
        Append(end > 0 ? segment[..end] : segment);
    }

    /// <summary>What C# makes: <c>&lt;Foo&gt;d__12</c>, <c>&lt;Foo&gt;b__1</c>, <c>&lt;Foo&gt;g__Bar|0_1</c>, <c>&lt;&lt;Foo&gt;b__0&gt;d</c>, <c>&lt;&gt;c__DisplayClass3_0</c>.</summary>
    private void AddGenerated(ReadOnlySpan<char> segment)
    {
        var close = segment.IndexOf('>');
        if (close < 0)
        {
            Append(segment);
            return;
        }

        var rest = segment[(close + 1)..];
        _isStateMachine = rest.StartsWith("d__", StringComparison.Ordinal) || rest.EndsWith(">d", StringComparison.Ordinal) || rest.IndexOf(">d__", StringComparison.Ordinal) >= 0;
        Append(segment[(segment[..close].LastIndexOf('<') + 1)..close].TrimStart('.'));
        if (!rest.StartsWith("g__", StringComparison.Ordinal))
            return;
        var local = rest[3..];
        var bar = local.IndexOf('|');
        Append(bar >= 0 ? local[..bar] : local);
    }

    /// <summary>A segment like the one before it comes from a closure of the same method: it adds nothing.</summary>
    private void Append(ReadOnlySpan<char> segment)
    {
        if (segment.IsEmpty || _buffer[_lastSegment.._length].SequenceEqual(segment))
            return;
        if (_length > 0 && _length < _buffer.Length)
            _buffer[_length++] = '.';
        _lastSegment = _length;
        segment = segment[..Math.Min(segment.Length, _buffer.Length - _length)];
        segment.CopyTo(_buffer[_length..]);
        _length += segment.Length;
    }
}
