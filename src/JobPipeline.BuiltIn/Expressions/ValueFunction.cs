using DevLab.JmesPath.Functions;
using DevLab.JmesPath.Utils;
using Newtonsoft.Json.Linq;

namespace JobPipeline.BuiltIn.Expressions;

/// <summary>A function of the expression language that is ours, in place of the library's of the same name.</summary>
internal sealed class ValueFunction : JmesPathFunction
{
    private readonly Func<FunctionArguments, JToken> _run;

    public ValueFunction(string name, int arguments, Func<FunctionArguments, JToken> run, bool isVariadic = false)
        : base(name, arguments, isVariadic) => _run = run;

    /// <summary>Each function judges its arguments as it takes them.</summary>
    public override void Validate(params JmesPathFunctionArgument[] args)
    {
    }

    public override JToken Execute(params JmesPathFunctionArgument[] args) => _run(new FunctionArguments(Name, args));

    public static JToken Null => JTokens.Null;
}
