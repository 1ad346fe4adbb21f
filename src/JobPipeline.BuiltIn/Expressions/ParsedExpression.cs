using System.Text;
using DevLab.JmesPath;
using DevLab.JmesPath.Expressions;
using DevLab.JmesPath.Functions;
using DevLab.JmesPath.Interop;
using Newtonsoft.Json.Linq;

namespace JobPipeline.BuiltIn.Expressions;

/// <summary>
/// A parsed expression, for a single evaluation: the scopes of its variables and some of the library's functions are stateful.
/// </summary>
internal sealed class ParsedExpression
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ScopeParticipant _scopes = new();
    private readonly JmesPathExpression _expression;

    /// <exception cref="Exception">The text is not a valid expression. The library's errors have no type of their own.</exception>
    public ParsedExpression(string text)
    {
        var source = new ExpressionSource(text);
        var builder = new ExpressionBuilder(source, Functions());
        using var stream = new MemoryStream(Utf8.GetBytes(source.Text));
        Parser.Parse(stream, Utf8, builder);
        _expression = builder.Expression;
        _expression.Accept(new ScopeGiver(_scopes));
    }

    public JToken Evaluate(JToken document)
    {
        _scopes.SetRoot(document);
        return _expression.Transform(document).AsJToken();
    }

    private static JmesPathFunctionFactory Functions()
    {
        var functions = JmesPathFunctionFactory.Create();
        foreach (var function in OrderFunctions.All.Concat(NumberFunctions.All).Concat(ValueFunctions.All))
            functions.Register(function.Name, function);
        return functions;
    }

    private sealed class ScopeGiver(ScopeParticipant scopes) : IVisitor
    {
        public void Visit(JmesPathExpression expression)
        {
            if (expression is IContextHolder context)
                context.Evaluator = scopes;
            if (expression is IScopeHolder holder)
                holder.Scopes = scopes;
        }
    }
}
