using System.Text.Json;

namespace McpInfra.Tools.Plans.Engines.Terraform;

/// <summary>The one file that we add to a stack: whatever backend or cloud it names, the state is our sanitised copy.</summary>
internal static class BackendOverride
{
    /// <summary>Read after every other file of the folder.</summary>
    public const string FileName = "zzzzzzzz_mcp_infra_override.tf.json";

    /// <param name="up">From the stack's folder to the work folder.</param>
    public static byte[] For(string up) => JsonSerializer.SerializeToUtf8Bytes(new { terraform = new { backend = new { local = Local(up) } } });

    /// <summary>What `init` would have written down of that backend.</summary>
    /// <param name="up">From the stack's folder to the work folder.</param>
    public static byte[] Record(string up) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        version = 3,
        serial = 1,
        lineage = "00000000-0000-0000-0000-000000000000",
        backend = new { type = "local", config = Local(up), hash = 0 },
    });

    private static object Local(string up) => new { path = up + "state/terraform.tfstate", workspace_dir = up + "state/workspaces" };
}
