using McpInfra.Graph.Hcl;
using McpInfra.Tools.Git;

namespace McpInfra.Tools.Plans.State.Backends;

/// <summary>Finds the backend that a stack's code names.</summary>
internal static class BackendCode
{
    private const int MostFile = 4 << 20;

    /// <summary>Where the code of a tree says that the stack's state lies; the local backend when it says nothing.</summary>
    /// <exception cref="StateException">It cannot be told without running the code.</exception>
    public static BackendPlace Of(Repository repository, IReadOnlyList<TreeFile> files, StackSettings stack)
    {
        var folder = CodePath.Normal(stack.Path) ?? ".";
        var code = files
            .Where(file => file.IsPlain && file.Size <= MostFile && CodePath.Folder(file.Path) == folder)
            .Select(file => (File: file, Kind: EngineFiles.Kind(CodePath.Name(file.Path))))
            .Where(file => file.Kind is EngineFile.Code or EngineFile.Override)
            .OrderBy(file => file.Kind is EngineFile.Override)
            .Select(file => HclReader.Read(file.File.Path, repository.ReadBlob(file.File.Blob, MostFile) ?? []));
        return Of(code, stack) with { Root = repository.WorktreeRoot };
    }

    /// <param name="code">The stack's own files, those that override last.</param>
    /// <param name="stack">The stack.</param>
    /// <exception cref="StateException">It cannot be told without running the code.</exception>
    public static BackendPlace Of(IEnumerable<HclFile> code, StackSettings stack)
    {
        var named = code
            .SelectMany(file => file.Body.Blocks)
            .Where(block => block.Type == "terraform")
            .SelectMany(block => block.Body.Blocks)
            .LastOrDefault(block => block.Type == "cloud" || block is { Type: "backend", Labels: [_] });
        return named switch
        {
            null => new BackendPlace("local", new Dictionary<string, string>(), stack, stack.Workspace),
            { Type: "cloud" } => new BackendPlace("cloud", Arguments(named.Body), stack, stack.Workspace),
            _ => new BackendPlace(named.Labels[0], Arguments(named.Body), stack, stack.Workspace),
        };
    }

    /// <summary>The literal arguments of a block, those of inner blocks and maps with `.` between.</summary>
    private static Dictionary<string, string> Arguments(HclBody body)
    {
        var arguments = new Dictionary<string, string>(StringComparer.Ordinal);
        Add(arguments, "", body);
        return arguments;
    }

    /// <summary>The literal items of an expression, by name.</summary>
    /// <param name="value">A map of literals.</param>
    /// <param name="text">Tells the text of an expression; null when only a run would.</param>
    public static Dictionary<string, string> Arguments(HclExpression value, Func<HclExpression, string?> text)
    {
        var arguments = new Dictionary<string, string>(StringComparer.Ordinal);
        Add(arguments, "", value, text);
        return arguments;
    }

    private static void Add(Dictionary<string, string> arguments, string prefix, HclBody body)
    {
        foreach (var attribute in body.Attributes)
        {
            Add(arguments, prefix + attribute.Name, attribute.Value, Literal);
        }

        foreach (var block in body.Blocks)
        {
            Add(arguments, $"{prefix}{block.Type}.", block.Body);
        }
    }

    private static void Add(Dictionary<string, string> arguments, string name, HclExpression value, Func<HclExpression, string?> text)
    {
        switch (value)
        {
            case HclExpression.Null:
                break;
            case HclExpression.Map map:
                foreach (var item in map.Items.Where(item => item.Key is HclExpression.Text))
                {
                    Add(arguments, (name.Length == 0 ? "" : name + ".") + ((HclExpression.Text)item.Key).Value, item.Value, text);
                }

                break;
            case HclExpression.Tuple tuple:
                // A JSON file may write one block as a list of one; of a list of words only that there is one matters.
                foreach (var item in tuple.Items.Where(item => item is HclExpression.Map))
                {
                    Add(arguments, name, item, text);
                }

                arguments[name] = "";
                break;
            default:
                arguments[name] = text(value)
                    ?? throw new StateException($"The backend's `{name}` is not a literal, so where the state lies cannot be told without running the code. Write its value, or set it in the stack's `backend` in mcp-infra.yaml and leave it out of the code.");
                break;
        }
    }

    private static string? Literal(HclExpression value) => value switch
    {
        HclExpression.Text { Value: var text } => text,
        HclExpression.Number { Written: var number } => number,
        HclExpression.Boolean { Value: var truth } => truth ? "true" : "false",
        HclExpression.Parentheses { Inner: var inner } => Literal(inner),
        _ => null,
    };
}
