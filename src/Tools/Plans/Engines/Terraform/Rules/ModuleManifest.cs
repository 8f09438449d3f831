using McpInfra.Graph.Hcl;
using McpInfra.Tools.Plans.Engines.Terraform.Modules;

namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>Where every call of a module leads, from the stack's folder on: what `init` would write down.</summary>
internal static class ModuleManifest
{
    private const int MostCalls = 5000;

    /// <summary>One entry a call; null when there are too many, or the code would not load.</summary>
    public static IReadOnlyList<InstalledModule>? Of(StackCode code)
    {
        var installed = new List<InstalledModule>();
        var waiting = new Queue<(string Key, string Folder)>([("", code.Folder)]);
        while (waiting.TryDequeue(out var next))
        {
            foreach (var call in (code.Module(next.Folder)?.Calls ?? []).GroupBy(call => string.Join(' ', call.Block.Labels), StringComparer.Ordinal).Select(calls => calls.Last()))
            {
                if (installed.Count >= MostCalls || call.Folder is null || call.Block.Labels is not [var name] || Source(call, code, next.Folder) is not { } source)
                {
                    return null;
                }

                var key = next.Key.Length == 0 ? name : $"{next.Key}.{name}";
                installed.Add(new(key, source, call.Folder) { Version = call.Fetched?.Version });
                waiting.Enqueue((key, call.Folder));
            }
        }

        return installed;
    }

    // As the engine spells a source: cleaned, a path with its leading dots.
    private static string? Source(ModuleCall call, StackCode code, string folder)
    {
        if (call.Fetched is not null)
        {
            return RemoteSource.Parse(call.Wanted!.Source)!.Spelled;
        }

        var written = code.Module(folder)!.Calls.Where(other => other.Block.Labels.SequenceEqual(call.Block.Labels)).Select(other => other.Block.Body.Attribute("source")?.Value).OfType<HclExpression.Text>().LastOrDefault()?.Value;
        if (written is null || !ModuleSource.IsLocal(written))
        {
            return null;
        }

        var parts = new List<string>();
        foreach (var part in written.Split('/').Where(part => part is not ("" or ".")))
        {
            if (part == ".." && parts.Count > 0 && parts[^1] != "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else
            {
                parts.Add(part);
            }
        }

        return parts is ["..", ..] ? string.Join('/', parts) : "./" + string.Join('/', parts);
    }
}

/// <summary>A call of a module and where it leads.</summary>
/// <param name="Key">Names of the calls from the stack on, with dots.</param>
/// <param name="Source">Its source as the engine spells it.</param>
/// <param name="Folder">Its folder in the tree.</param>
public sealed record InstalledModule(string Key, string Source, string Folder)
{
    /// <summary>The version of a registry's module; null for any other.</summary>
    public string? Version { get; init; }
}
