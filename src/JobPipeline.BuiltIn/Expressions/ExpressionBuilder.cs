using DevLab.JmesPath;
using DevLab.JmesPath.Expressions;
using DevLab.JmesPath.Interop;

namespace JobPipeline.BuiltIn.Expressions;

/// <summary>
/// Receives the parts of an expression from the library's parser, innermost first, and builds the expression from the library's types,
/// except for literals, comparisons and arithmetic, in which the library rounds numbers.
/// </summary>
internal sealed partial class ExpressionBuilder(ExpressionSource source, IFunctionRepository functions) : IJmesPathGenerator
{
    private readonly Stack<JmesPathExpression> _parts = new();
    private readonly Stack<List<JmesPathExpression>> _lists = new();
    private readonly Stack<Dictionary<string, JmesPathExpression>> _hashes = new();
    private readonly Stack<List<JmesPathBinding>> _bindings = new();
    private List<JmesPathBinding> _open = [];

    /// <summary>Gets the expression after parsing.</summary>
    public JmesPathExpression Expression => _parts.Peek();

    public bool IsProjection() => _parts.TryPeek(out var last) && last is JmesPathProjection;

    public void OnExpression()
    {
    }

    public void OnIdentifier(string name) => _parts.Push(new JmesPathIdentifier(name));

    public void OnLiteralString(string literal) => _parts.Push(new JmesPathLiteral(TokenReader.Read(source.Literal(literal))));

    public void OnRawString(string value) => _parts.Push(new JmesPathRawString(source.RawText(value)));

    public void OnCurrentNode() => _parts.Push(new JmesPathCurrentNodeExpression());

    public void OnRootNode() => _parts.Push(new JmesPathRootNodeExpression());

    public void OnVariableReference(string name) => _parts.Push(new JmesPathVariableReference(name));

    public void OnSubExpression() => Join((left, right) => new JmesPathSubExpression(left, right));

    public void OnIndexExpression() => Join((left, right) => new JmesPathIndexExpression(left, right));

    public void OnPipeExpression() => Join((left, right) => new JmesPathPipeExpression(left, right));

    public void OnAndExpression() => Join((left, right) => new JmesPathAndExpression(left, right));

    public void OnOrExpression() => Join((left, right) => new JmesPathOrExpression(left, right));

    public void OnNotExpression() => _parts.Push(new JmesPathNotExpression(_parts.Pop()));

    public void OnIndex(int index) => _parts.Push(new JmesPathIndex(index));

    public void OnSliceExpression(int? start, int? stop, int? step) => _parts.Push(
        step == 0 ? throw new ExpressionValueException("a slice's step must not be 0") : new JmesPathSliceProjection(start, stop, step));

    public void OnFilterProjection() => _parts.Push(new JmesPathFilterProjection(_parts.Pop()));

    public void OnFlattenProjection() => _parts.Push(new JmesPathFlattenProjection());

    public void OnHashWildcardProjection() => _parts.Push(new JmesPathHashWildcardProjection());

    public void OnListWildcardProjection() => _parts.Push(new JmesPathListWildcardProjection());

    public void PushMultiSelectHash() => _hashes.Push(new Dictionary<string, JmesPathExpression>(StringComparer.Ordinal));

    public void AddMultiSelectHashExpression()
    {
        var value = _parts.Pop();
        var name = ((JmesPathIdentifier)_parts.Pop()).Name;
        if (!_hashes.Peek().TryAdd(name, value))
            throw new ExpressionValueException($"'{name}' is a duplicate key of an object");
    }

    public void PopMultiSelectHash() => _parts.Push(new JmesPathMultiSelectHash(_hashes.Pop()));

    public void PushMultiSelectList() => _lists.Push([]);

    public void AddMultiSelectListExpression() => _lists.Peek().Add(_parts.Pop());

    public void PopMultiSelectList() => _parts.Push(new JmesPathMultiSelectList(_lists.Pop()));

    public void PushFunction() => _lists.Push([]);

    public void AddFunctionArg() => _lists.Peek().Add(_parts.Pop());

    public void PopFunction(string name) => _parts.Push(new JmesPathFunctionExpression(functions, name, _lists.Pop()));

    public void OnExpressionType() => JmesPathExpression.MakeExpressionType(_parts.Peek());

    public void OnLetBinding(string name) => _open.Add(new JmesPathBinding(name, _parts.Pop()));

    public void OnLetBindings()
    {
        _bindings.Push(_open);
        _open = [];
    }

    public void OnLetExpression() => _parts.Push(new JmesPathLetExpression(_bindings.Pop(), _parts.Pop()));

    private void Join(Func<JmesPathExpression, JmesPathExpression, JmesPathExpression> join)
    {
        var right = _parts.Pop();
        _parts.Push(join(_parts.Pop(), right));
    }
}
