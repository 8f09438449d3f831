using McpInfra.Graph.Hcl;
using McpInfra.Tools.Plans.State;
using McpInfra.Tools.Plans.State.Backends;

namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>Data sources that read another stack's outputs: what they name must be told without running the code, so that those outputs can be handed in.</summary>
internal static class RemoteStateRule
{
    /// <summary>The data source.</summary>
    public const string Type = "terraform_remote_state";

    private const int Most = 20;
    private const string Remedy = "write `backend`, `config` and `workspace` as literals, or as variables of the stack that have one";

    public static IEnumerable<RuleFault> Check(StackCode code)
    {
        var uses = Uses(code).ToList();
        foreach (var use in uses.Skip(Most).Take(1))
        {
            yield return use.Placed.Fault($"a stack may read the outputs of at most {Most} others", "read fewer of them");
        }

        foreach (var twice in uses.GroupBy(use => (use.Module.Folder, use.Name)).Where(group => group.Count() > 1))
        {
            yield return twice.Last().Placed.Fault("a data source that reads another stack must stand in one place, without overrides", "write it once");
        }

        foreach (var use in uses.Where(use => use.Read is null))
        {
            yield return use.Placed.Fault("which stack's outputs are read cannot be told without running the code", Remedy);
        }
    }

    /// <summary>Every one of them, read.</summary>
    public static IReadOnlyList<RemoteStateUse> Of(StackCode code) => [.. Uses(code).Select(use => use.Read).OfType<RemoteStateUse>().Take(Most)];

    private static IEnumerable<(PlacedBlock Placed, CodeModule Module, string Name, RemoteStateUse? Read)> Uses(StackCode code)
    {
        var constants = new Constants(code);
        return from module in code.Modules
               from placed in module.Blocks.SelectMany(Scoped)
               where placed.Block is { Type: "data", Labels: [Type, _] }
               select (placed, module, placed.Block.Labels[1], Read(placed, module, constants));
    }

    private static IEnumerable<PlacedBlock> Scoped(PlacedBlock placed) =>
        placed.Block.Type == "check" ? placed.Block.Body.Blocks.Select(inner => placed with { Block = inner }) : [placed];

    private static RemoteStateUse? Read(PlacedBlock placed, CodeModule module, Constants constants)
    {
        var body = placed.Block.Body;
        try
        {
            return body.Attribute("backend") is { } backend && constants.Text(backend.Value, module) is { } kind
                && (body.Attribute("workspace") is { } named ? constants.Text(named.Value, module) : BackendPlace.Default) is { } workspace
                ? new RemoteStateUse(placed.File, placed.Block.Span.Line, module.Folder, placed.Block.Labels[1], kind, workspace)
                {
                    Config = body.Attribute("config") is { } config ? BackendCode.Arguments(config.Value, value => constants.Text(value, module)) : new Dictionary<string, string>(),
                }
                : null;
        }
        catch (StateException)
        {
            return null;
        }
    }
}

/// <summary>A place in code that reads another stack's outputs.</summary>
/// <param name="File">Path within the repository.</param>
/// <param name="Line">From 1.</param>
/// <param name="Folder">The module that it stands in.</param>
/// <param name="Name">Its name in code.</param>
/// <param name="Backend">The backend that it names.</param>
/// <param name="Workspace">The workspace that it names.</param>
public sealed record RemoteStateUse(string File, int Line, string Folder, string Name, string Backend, string Workspace)
{
    /// <summary>Arguments of the backend, those of inner maps with `.` between.</summary>
    public IReadOnlyDictionary<string, string> Config { get; init; } = new Dictionary<string, string>();
}
