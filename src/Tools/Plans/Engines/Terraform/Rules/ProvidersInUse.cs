using McpInfra.Graph.Hcl;

namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>Finds the provider configurations that a stack uses, and whether each would leave the stack's egress.</summary>
internal static class ProvidersInUse
{
    // Providers that speak to nobody.
    private static readonly HashSet<string> Silent =
    [
        ProviderSource.BuiltIn, "hashicorp/archive", "hashicorp/cloudinit", "hashicorp/local", "hashicorp/null", "hashicorp/random", "hashicorp/time", "hashicorp/tls",
    ];

    // Providers with one address, by the argument that holds it.
    private static readonly Dictionary<string, string> Single = new(StringComparer.Ordinal)
    {
        ["hashicorp/consul"] = "address", ["hashicorp/helm"] = "host", ["hashicorp/kubernetes"] = "host", ["hashicorp/nomad"] = "address", ["hashicorp/vault"] = "address",
    };

    private static readonly string[] Google =
    [
        "bigquery", "cloud_run", "cloudfunctions", "compute", "container", "dataflow", "dns", "firestore", "iam", "kms", "logging", "monitoring", "pubsub", "redis",
        "secret_manager", "spanner", "sql", "storage",
    ];

    public static IReadOnlyList<ProviderInUse> Of(StackCode code)
    {
        var constants = new Constants(code);
        var blocks = Blocks(code);
        return [.. Uses(code)
            .Where(use => ProviderSource.Allows(use.Key.Source, code.Given.Allowed.Providers))
            .OrderBy(use => use.Key.Source, StringComparer.Ordinal).ThenBy(use => use.Key.Alias, StringComparer.Ordinal)
            .Select(use => Describe(use.Key, use.Value, blocks.GetValueOrDefault(use.Key), code, constants))];
    }

    private static Dictionary<Configuration, (HclBlock Block, CodeModule Module)> Blocks(StackCode code)
    {
        var blocks = new Dictionary<Configuration, (HclBlock, CodeModule)>();
        foreach (var module in code.Modules)
        {
            var providers = ModuleProviders.Of(module);
            foreach (var placed in module.Of("provider").Where(placed => placed.Block.Labels.Count == 1))
            {
                var alias = (placed.Block.Body.Attribute("alias")?.Value as HclExpression.Text)?.Value;
                blocks.TryAdd(new(providers.Source(placed.Block.Labels[0]), alias), (placed.Block, module));
            }
        }

        return blocks;
    }

    // The types of resources by the configuration that serves them.
    private static Dictionary<Configuration, HashSet<string>> Uses(StackCode code)
    {
        var uses = new Dictionary<Configuration, HashSet<string>>();
        foreach (var module in code.Modules)
        {
            var providers = ModuleProviders.Of(module);
            var passed = Passed(code, module);
            foreach (var block in module.Blocks.SelectMany(placed => Walk.Blocks(placed.Block.Body).Where(inner => inner.Type == "data").Prepend(placed.Block)))
            {
                if (block.Type is "resource" or "data" or "ephemeral" && block.Labels.Count == 2 && ModuleProviders.Used(block) is { Name: { } name } used)
                {
                    var alias = passed.TryGetValue(used.Alias is null ? name : $"{name}.{used.Alias}", out var given) ? given : used.Alias;
                    var key = new Configuration(providers.Source(name), alias);
                    (uses.TryGetValue(key, out var types) ? types : uses[key] = []).Add(block.Labels[0]);
                }
            }
        }

        return uses;
    }

    // What the first call of a module hands it: the alias of the caller by the name within.
    private static Dictionary<string, string?> Passed(StackCode code, CodeModule module)
    {
        var passed = new Dictionary<string, string?>(StringComparer.Ordinal);
        var call = code.Modules.SelectMany(caller => caller.Calls).FirstOrDefault(call => call.Folder == module.Folder);
        foreach (var item in (call?.Block.Body.Attribute("providers")?.Value as HclExpression.Map)?.Items ?? [])
        {
            if (Name(item.Key) is { } within && Name(item.Value) is { } outside)
            {
                passed[within] = outside.Split('.') is [_, var alias] ? alias : null;
            }
        }

        return passed;
    }

    private static string? Name(HclExpression value) => value switch
    {
        HclExpression.Text { Value: var text } => text,
        HclExpression.Variable { Name: var name } => name,
        HclExpression.Traversal { Root: HclExpression.Variable { Name: var name }, Steps: [{ Attribute: { } alias }] } => $"{name}.{alias}",
        _ => null,
    };

    private static ProviderInUse Describe(Configuration key, HashSet<string> types, (HclBlock Block, CodeModule Module) written, StackCode code, Constants constants)
    {
        var isConfigured = written.Block is not null;
        var allowed = isConfigured
            ? ProviderEndpoints.Of(written.Block!).Where(address => constants.Text(address.Value, written.Module) is { } text && Endpoint.IsAllowed(text, code.Given.Egress))
                .Select(address => ((HclExpression.Text)address.Key).Value).ToHashSet(StringComparer.Ordinal)
            : [];
        var wanted = Wanted(key.Source, types, written.Block);
        var missing = wanted.Where(service => !allowed.Contains(service) && !allowed.Any(argument => AwsServices.Named(argument) == service)).ToList();
        var needs = !Silent.Contains(key.Source) && IsKnown(key.Source) && (allowed.Count == 0 || missing.Count > 0);
        return new(key.Source, key.Alias, needs, HasOwnKeys(written), missing);
    }

    private static bool IsKnown(string source) => source.StartsWith("hashicorp/", StringComparison.Ordinal);

    private static List<string> Wanted(string source, HashSet<string> types, HclBlock? block) => source switch
    {
        "hashicorp/aws" => [.. types.Select(AwsServices.Of).OfType<string>().Concat(AsksWho(block) ? ["sts"] : []).Distinct().Order(StringComparer.Ordinal)],
        "hashicorp/awscc" => ["cloudcontrolapi"],
        "hashicorp/google" or "hashicorp/google-beta" => [.. types.Select(GoogleEndpoint).Distinct().Order(StringComparer.Ordinal)],
        _ when Single.TryGetValue(source, out var argument) => [argument],
        _ => [],
    };

    // Only words known here are named: a type is text that anyone may have written.
    private static string GoogleEndpoint(string type) =>
        $"{Google.FirstOrDefault(service => type.StartsWith($"google_{service}_", StringComparison.Ordinal)) ?? "every"}_custom_endpoint";

    // The provider asks STS who it is unless both are skipped.
    private static bool AsksWho(HclBlock? block) =>
        block is null || !IsTrue(block, "skip_credentials_validation") || !IsTrue(block, "skip_requesting_account_id");

    private static bool IsTrue(HclBlock block, string name) => block.Body.Attribute(name)?.Value is HclExpression.Boolean { Value: true } or HclExpression.Text { Value: "true" };

    private static bool HasOwnKeys((HclBlock? Block, CodeModule Module) written) =>
        written.Block?.Body.Attribute("access_key")?.Value is HclExpression.Text && written.Block.Body.Attribute("secret_key")?.Value is HclExpression.Text;

    private sealed record Configuration(string Source, string? Alias);
}
