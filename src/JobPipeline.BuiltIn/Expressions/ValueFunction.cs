using DevLab.JmesPath.Functions;
using DevLab.JmesPath.Utils;
using Newtonsoft.Json.Linq;

namespace JobPipeline.BuiltIn.Expressions;

/// <summary>A function that replaces the library's function of the same name.</summary>
internal sealed class ValueFunction : JmesPathFunction
{
    private readonly Func<FunctionArguments, JToken> _run;

    public ValueFunction(string name, int arguments, Func<FunctionArguments, JToken> run, bool isVariadic = false)
        : base(name, arguments, isVariadic) => _run = run;

    /// <summary>Does nothing: each function validates its arguments when it reads them.</summary>
    public override void Validate(params JmesPathFunctionArgument[] args)
    {
    }

    public override JToken Execute(params JmesPathFunctionArgument[] args) => _run(new FunctionArguments(Name, args));

    public static JToken Null => JTokens.Null;
}
