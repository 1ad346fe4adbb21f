namespace JobPipeline.Workflows.Definitions;

/// <summary>
/// Finds the paths that an expression reads from its document, such as <c>steps.fetch.output</c>, from its text. Names that are
/// looked up in the elements of a list, or after a pipe, are not included.
/// </summary>
internal sealed class ExpressionPaths
{
    private readonly List<ExpressionToken> _tokens;
    private readonly List<IReadOnlyList<string>> _found = [];
    private int _at;
    private int _openLets;

    private ExpressionPaths(string expression) => _tokens = ExpressionLexer.Tokens(expression);

    /// <summary>Returns the paths in the order in which they occur. An empty path stands for the whole document.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Of(string expression)
    {
        var paths = new ExpressionPaths(expression);
        while (paths._at < paths._tokens.Count)
            paths.Walk(isRooted: true, close: null);
        return paths._found;
    }

    /// <summary>Walks the tokens up to the closing token.</summary>
    /// <param name="isRooted">Whether names are looked up in the document of the expression.</param>
    /// <param name="close">The closing token; null to walk to the end.</param>
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

    /// <summary>Reads what follows a dot. It is looked up in the value before the dot, not in the document.</summary>
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

    /// <summary>Reads the rest of a path and records it.</summary>
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
