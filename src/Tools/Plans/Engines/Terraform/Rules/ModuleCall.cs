using McpInfra.Graph.Hcl;
using McpInfra.Tools.Plans.Engines.Terraform.Modules;

namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>A call of a module.</summary>
/// <param name="File">Where it stands.</param>
/// <param name="Line">Where it stands.</param>
/// <param name="Block">The call itself.</param>
internal sealed record ModuleCall(string File, int Line, HclBlock Block)
{
    private const string Copy = "copy the module into the repository";

    /// <summary>The folder it leads to; null when it leads nowhere yet.</summary>
    public string? Folder { get; init; }

    /// <summary>What has to be fetched, or was; null for a folder of the tree.</summary>
    public WantedModule? Wanted { get; init; }

    /// <summary>The module that was fetched for it.</summary>
    public FetchedModule? Fetched { get; init; }

    /// <summary>Why it leads nowhere; null when it leads somewhere, or will once it is fetched.</summary>
    public RuleFault? Fault { get; init; }

    public static ModuleCall Of(PlacedBlock placed, string folder, CodeUnderPlan given)
    {
        var source = placed.Block.Body.Attribute("source");
        var call = new ModuleCall(placed.File, source?.Span.Line ?? placed.Block.Span.Line, placed.Block);
        return source?.Value is not HclExpression.Text { Value: var text } || !Ascii.IsPlain(text) ? call.Refused("a module's source must be one literal: a folder of this repository that starts with ./ or ../, a registry's module, git or an archive over https", Copy)
            : ModuleSource.IsLocal(text) ? call.Local(text, folder)
            : call.Remote(text, given);
    }

    // What a path leads to lies in the same package: the tree, or one that was fetched.
    private ModuleCall Local(string text, string folder)
    {
        var place = CodePath.Join(folder, text);
        return place is null || FetchedModules.Holds(place) != FetchedModules.Holds(folder) || (FetchedModules.Holds(folder) && FetchedModules.PlaceOf(place) != FetchedModules.PlaceOf(folder))
            ? Refused("a module's path must stay in its repository", Copy)
            : this with { Folder = place };
    }

    private ModuleCall Remote(string text, CodeUnderPlan given)
    {
        var version = Block.Body.Attribute("version")?.Value;
        if (RemoteSource.Parse(text) is not { } source)
        {
            return Refused("the module's source is none that is fetched here: a registry's module, git over https (`git::https://…?ref=…`, `github.com/…`) or an archive at https (`https://….zip`, `….tar.gz`), each without a login", Copy);
        }

        if (!given.Allowed.AllowsModule(source.Package))
        {
            return Refused("the module's source is not on the list of those that may be fetched", $"add it to engines.terraform.allow.modules in mcp-infra.yaml, or {Copy}");
        }

        if (version is not (null or HclExpression.Text) || (version is HclExpression.Text && source is not RemoteSource.Registry))
        {
            return Refused("a module's version must be one literal, and is for modules of a registry", "name the commit of a git module in `?ref=`, the hash of an archive in `?checksum=sha256:`");
        }

        var wanted = new WantedModule(text, version is HclExpression.Text { Value: var constraint } ? constraint : "");
        var fetched = given.Fetched.Find(wanted);
        return this with { Wanted = wanted, Fetched = fetched, Folder = fetched?.Folder };
    }

    private ModuleCall Refused(string rule, string remedy) => this with { Fault = new RuleFault(File, Line, rule, remedy) };
}
