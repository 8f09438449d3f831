using McpInfra.Graph.Hcl;
using McpInfra.Tools.Sandbox;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Engines.Terraform;

/// <summary>What lies in a cage for one question to the engine: the tree, the state, and what `init` would leave behind.</summary>
/// <param name="sandbox">Where it is written.</param>
/// <param name="input">What is asked about.</param>
/// <param name="root">The folder of the work folder that it lies in, with `/` at its end; empty for the work folder itself.</param>
internal sealed class RunFiles(ISandbox sandbox, TerraformInput input, string root = "")
{
    private const string Tree = "tree";
    private const string Authorities = "authorities.pem";

    // Go's own variable, and the AWS SDK's: the run's authority beside the system's.
    private static readonly string[] NamesOfAuthorities = ["SSL_CERT_FILE", "AWS_CA_BUNDLE"];

    private readonly DataFolder data = new(sandbox, input, root);

    /// <summary>Whether all is known that the engine needs to plan without `init`.</summary>
    public bool IsWhole => input.Modules is not null;

    /// <summary>The stack's folder, where the engine runs.</summary>
    public string Folder => Of(input.Stack);

    /// <summary>From there to where everything else lies: relative, for where the work folder lies is the sandbox's own choice.</summary>
    public string Up => string.Concat(Enumerable.Repeat("../", Folder[root.Length..].Split('/').Length));

    /// <summary>What tells the engine of it, and the run of its clouds.</summary>
    public Dictionary<string, string> Environment => new(Believed().Concat(input.Clouds.SelectMany(cloud => cloud.Environment)))
    {
        ["TF_CLI_CONFIG_FILE"] = $"{{work}}/{root}cli.tfrc",
        ["TF_DATA_DIR"] = $"{{work}}/{root}{DataFolder.Data}",
        ["TF_IN_AUTOMATION"] = "1",
        ["TF_INPUT"] = "0",
        ["CHECKPOINT_DISABLE"] = "1",
        ["TF_WORKSPACE"] = input.Workspace,
        ["AWS_EC2_METADATA_DISABLED"] = "true",
    };

    /// <summary>Writes it.</summary>
    /// <param name="cage">The open cage.</param>
    /// <param name="authority">Vouches for the endpoints of the run's clouds.</param>
    /// <param name="stop">Cancels.</param>
    public async Task WriteAsync(Cage cage, RunAuthority? authority, CancellationToken stop)
    {
        if (authority is not null && input.Clouds.Count > 0)
        {
            await cage.WriteAsync(root + Authorities, authority.Bundle(), stop);
        }

        foreach (var (path, content) in input.Files)
        {
            await cage.WriteAsync($"{root}{Tree}/{path}", content(), stop);
        }

        await cage.WriteAsync($"{root}cli.tfrc", CliConfig.Nothing, stop);
        await data.WriteAsync(cage, Folder, Up, stop);
        await WriteOverridesAsync(cage, stop);
        await cage.WriteAsync($"{root}state/terraform.tfstate", input.State.Bytes, stop);
        if (input.Workspace != "default")
        {
            await cage.WriteAsync($"{root}state/workspaces/{input.Workspace}/terraform.tfstate", input.State.Bytes, stop);
        }
    }

    private async Task WriteOverridesAsync(Cage cage, CancellationToken stop)
    {
        for (var number = 0; number < input.Remote.Count; number++)
        {
            await cage.WriteAsync(root + BackendOverride.RemoteFile(number), input.Remote[number].State, stop);
        }

        var folder = CodePath.Normal(input.Stack) ?? ".";
        var remote = input.Remote.SelectMany((output, number) => output.Uses.Select(use => (Number: number, Use: use))).ToLookup(one => one.Use.Folder);
        await cage.WriteAsync($"{Folder}/{BackendOverride.FileName}", BackendOverride.For(Up, remote[folder]), stop);
        foreach (var module in remote.Where(group => group.Key != folder))
        {
            await cage.WriteAsync($"{Of(module.Key)}/{BackendOverride.FileName}", BackendOverride.ForModule(Up, module), stop);
        }
    }

    private IEnumerable<KeyValuePair<string, string>> Believed() =>
        input.Clouds.Count == 0 ? [] : NamesOfAuthorities.Select(name => KeyValuePair.Create(name, $"{{work}}/{root}{Authorities}"));

    private string Of(string folder) => folder == "." ? root + Tree : $"{root}{Tree}/{folder}";
}
