using System.Text.Json;
using McpInfra.Tools.Plans.Engines.Terraform.Rules;

namespace McpInfra.Tools.Plans.Engines.Terraform;

/// <summary>The one file that we add to a stack: whatever backend or cloud it names, the state is our sanitised copy.</summary>
internal static class BackendOverride
{
    /// <summary>Read after every other file of the folder.</summary>
    public const string FileName = "zzzzzzzz_mcp_infra_override.tf.json";

    /// <param name="up">From the stack's folder to the root of the run's files.</param>
    /// <param name="remote">Outputs of other stacks that the folder's code reads, each with the number of its file.</param>
    public static byte[] For(string up, IEnumerable<(int Number, RemoteStateUse Use)> remote) =>
        JsonSerializer.SerializeToUtf8Bytes(Data(up, remote).Append(new("terraform", new { backend = new { local = Local(up) } })).ToDictionary());

    /// <summary>The same for the folder of a module, which has no backend.</summary>
    /// <param name="up">From the stack's folder, where the engine runs, to the root of the run's files.</param>
    /// <param name="remote">Outputs of other stacks that the module's code reads, each with the number of its file.</param>
    public static byte[] ForModule(string up, IEnumerable<(int Number, RemoteStateUse Use)> remote) => JsonSerializer.SerializeToUtf8Bytes(Data(up, remote).ToDictionary());

    /// <summary>The file of another stack's outputs, relative to the root of the run's files.</summary>
    public static string RemoteFile(int number) => FormattableString.Invariant($"state/remote/{number}.tfstate");

    private static IEnumerable<KeyValuePair<string, object>> Data(string up, IEnumerable<(int Number, RemoteStateUse Use)> remote)
    {
        var named = remote.ToDictionary(one => one.Use.Name, one => new { backend = "local", workspace = "default", config = new { path = up + RemoteFile(one.Number) } });
        return named.Count == 0 ? [] : [new("data", new Dictionary<string, object> { [RemoteStateRule.Type] = named })]; // An empty block is an error.
    }

    /// <summary>What `init` would have written down of that backend.</summary>
    /// <param name="up">From the stack's folder to the root of the run's files.</param>
    public static byte[] Record(string up) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        version = 3,
        serial = 1,
        lineage = "00000000-0000-0000-0000-000000000000",
        backend = new { type = "local", config = Local(up), hash = 0 },
    });

    private static object Local(string up) => new { path = up + "state/terraform.tfstate", workspace_dir = up + "state/workspaces" };
}
