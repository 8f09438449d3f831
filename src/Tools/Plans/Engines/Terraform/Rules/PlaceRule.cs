using McpInfra.Graph.Hcl;

namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>Says where code asks for something that CI may answer otherwise: the clock, chance, the machine's paths, the workspace, files that only a flag reads.</summary>
internal static class PlaceRule
{
    private const string Compare = "compare with the plan that CI makes";

    public static IEnumerable<RuleFault> Warn(StackCode code)
    {
        foreach (var use in FunctionRule.Uses(code))
        {
            if (Asks(use.Value, code.Given.Workspace) is { } what)
            {
                yield return new(use.File, use.Value.Span.Line, what, Compare);
            }
        }

        foreach (var path in code.Tree.In(code.Folder, EngineFile.Variables).Where(path => !EngineFiles.IsAutomatic(CodePath.Name(path))))
        {
            yield return new(path, 1, "this variables file is read only where a flag names it, and was not read here", "name it *.auto.tfvars if it is for every plan, or " + Compare);
        }
    }

    private static string? Asks(HclExpression value, string workspace) => value switch
    {
        HclExpression.Call { Name: var name } when Functions.Changes(Functions.Plainly(name)) => $"{Functions.Plainly(name)} may give another value in CI than here",
        HclExpression.Traversal { Root: HclExpression.Variable { Name: "path" }, Steps: [{ Attribute: "cwd" }, ..] } => "path.cwd is another folder in CI than here",
        HclExpression.Traversal { Root: HclExpression.Variable { Name: "terraform" }, Steps: [{ Attribute: "workspace" or "env" }, ..] } =>
            $"terraform.workspace is `{workspace}` here, as the configuration says; CI may select another",
        _ => null,
    };
}
