namespace JobPipeline.Workflows.Definitions;

/// <summary>
/// What an expression takes from the values that it is given: paths of names such as <c>steps.fetch.output</c>, as far as its
/// text says. What it looks up in the elements of a list, or behind a pipe, is not taken from there.
/// </summary>
internal sealed class ExpressionPaths
{
    private readonly List<ExpressionToken> _tokens;
    private readonly List<IReadOnlyList<string>> _found = [];
    private int _at;
    private int _openLets;

    private ExpressionPaths(string expression) => _tokens = ExpressionLexer.Tokens(expression);

    /// <summary>In order; an empty path stands for all there is.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Of(string expression)
    {
        var paths = new ExpressionPaths(expression);
        while (paths._at < paths._tokens.Count)
            paths.Walk(isRooted: true, close: null);
        return paths._found;
    }

    /// <summary>Up to the sign that closes it.</summary>
    /// <param name="isRooted">Names are looked up in the values that the expression is given.</param>
    /// <param name="close">The sign; null: the end.</param>
    private void Walk(bool isRooted, string? close)
    {
        var (isHere, hasValue) = (isRooted, false);
        while (_at < _tokens.Count)
        {
            var token = _tokens[_at++];
            if (close is not null && token.Is(close))
                return;
            switch (token.Kind)
            {
                case ExpressionTokenKind.Name when close == "}" && !hasValue && IsNext(":"):
                    _at++;
                    isHere = isRooted;
                    break;
                case ExpressionTokenKind.Name when IsLet(token, hasValue):
                    hasValue = false;
                    break;
                case ExpressionTokenKind.Name when IsNext("("):
                    _at++;
                    Walk(isHere, ")");
                    hasValue = true;
                    break;
                case ExpressionTokenKind.Name:
                    if (isHere)
                        Take([token.Text]);
                    hasValue = true;
                    break;
                case ExpressionTokenKind.Variable or ExpressionTokenKind.Value:
                    hasValue = true;
                    break;
                default:
                    (isHere, hasValue) = Sign(token.Text, isRooted, isHere, hasValue);
                    break;
            }
        }
    }

    private (bool IsHere, bool HasValue) Sign(string sign, bool isRooted, bool isHere, bool hasValue)
    {
        switch (sign)
        {
            case "|" or "&":
                return (false, false);
            case ",":
                return (isRooted, false);
            case "$":
                Take([]);
                return (isHere, true);
            case "@":
                if (isHere)
                    Take([]);
                return (isHere, true);
            case "*" when !hasValue:
                if (isHere)
                    _found.Add([]);
                return (isHere, true);
            case ".":
                Member();
                return (isHere, true);
            case "(":
                Walk(isHere, ")");
                return (isHere, true);
            case "[" or "{":
                Walk(isHere && !hasValue, sign == "[" ? "]" : "}");
                return (isHere, true);
            case "[?":
                Walk(isRooted: false, "]");
                return (isHere, true);
            default:
                return (isHere, false);
        }
    }

    /// <summary>What follows a dot: it is looked up in what stands before that.</summary>
    private void Member()
    {
        if (_at >= _tokens.Count)
            return;
        var token = _tokens[_at++];
        if (token.Kind == ExpressionTokenKind.Name && IsNext("("))
        {
            _at++;
            Walk(isRooted: false, ")");
        }
        else if (token.Is("[") || token.Is("[?") || token.Is("{"))
        {
            Walk(isRooted: false, token.Is("{") ? "}" : "]");
        }
    }

    /// <summary>A path, on from where it begins.</summary>
    private void Take(List<string> path)
    {
        while (IsNext(".") && _at + 1 < _tokens.Count && _tokens[_at + 1].Kind == ExpressionTokenKind.Name
            && !(_at + 2 < _tokens.Count && _tokens[_at + 2].Is("(")))
        {
            path.Add(_tokens[_at + 1].Text);
            _at += 2;
        }

        _found.Add(path);
    }

    private bool IsLet(ExpressionToken name, bool hasValue)
    {
        if (name.Text == "let" && _at < _tokens.Count && _tokens[_at].Kind == ExpressionTokenKind.Variable)
            _openLets++;
        else if (name.Text == "in" && hasValue && _openLets > 0)
            _openLets--;
        else
            return false;
        return true;
    }

    private bool IsNext(string sign) => _at < _tokens.Count && _tokens[_at].Is(sign);
}
