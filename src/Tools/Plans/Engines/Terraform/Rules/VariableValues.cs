using McpInfra.Graph.Hcl;

namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>Values that the stack's automatic variables files give, the last one winning as in the engine.</summary>
internal sealed class VariableValues
{
    private readonly Dictionary<string, HclExpression> _values = new(StringComparer.Ordinal);

    private VariableValues()
    {
    }

    public HclExpression? Of(string name) => _values.GetValueOrDefault(name);

    public static VariableValues Of(StackCode code)
    {
        var values = new VariableValues();
        var paths = code.Tree.In(code.Folder, EngineFile.Variables).Where(path => EngineFiles.IsAutomatic(CodePath.Name(path)));
        foreach (var path in paths.OrderBy(Rank).ThenBy(path => path, StringComparer.Ordinal))
        {
            foreach (var attribute in code.Tree.Read(path).Body.Attributes)
            {
                values._values[attribute.Name] = attribute.Value;
            }
        }

        return values;
    }

    private static int Rank(string path) => CodePath.Name(path) switch
    {
        "terraform.tfvars" => 0,
        "terraform.tfvars.json" => 1,
        _ => 2,
    };
}
