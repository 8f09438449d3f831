namespace McpInfra.Tools.Proposals;

/// <summary>Which files a proposal for a stack may change: the engine's own, within the stack's folder.</summary>
internal static class StackFiles
{
    private static readonly string[] Terraform = [".tf", ".tf.json", ".tfvars", ".tfvars.json", ".terraform.lock.hcl"];

    /// <summary>Whether the path is an engine file of the stack.</summary>
    public static bool Holds(string stack, string path) =>
        (stack is "." or "" || path.StartsWith(stack + "/", StringComparison.Ordinal))
        && Array.Exists(Terraform, ending => path.EndsWith(ending, StringComparison.Ordinal))
        && !Git.WithheldPaths.Withholds(path);
}
