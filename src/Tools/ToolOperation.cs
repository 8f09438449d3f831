using McpInfra.Guardrails;
using McpInfra.Guardrails.Binding;

namespace McpInfra.Tools;

/// <summary>Adapts a tool to the operation that the pipeline runs.</summary>
public static class ToolOperation
{
    /// <summary>The operation that binds strictly, resolves targets and runs through the tool.</summary>
    public static Operation From<TTool, TArgs>(TTool tool)
        where TTool : ITool<TArgs>
        where TArgs : class => new()
    {
        Kind = OperationKind.Tool,
        Name = TTool.Declaration.Name,
        Tier = TTool.Declaration.Tier,
        Description = TTool.Declaration.Description,
        Spends = TTool.Declaration.Spends,
        Schema = Binder<TArgs>.Schema,
        Bind = Binder<TArgs>.Bind,
        Targets = (args, caller, stop) => tool.TargetsAsync((TArgs)args, caller, stop),
        Run = (call, stop) => tool.RunAsync((TArgs)call.Arguments, call, stop),
    };
}
