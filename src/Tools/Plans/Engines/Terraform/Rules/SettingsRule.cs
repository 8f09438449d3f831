using McpInfra.Graph.Hcl;

namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>Edits leave `backend`, `cloud`, `provider`, `required_providers` and `provider_meta` as they were, and every value that these refer to.</summary>
internal static class SettingsRule
{
    private const string Rule = "an edit must not change backend, cloud, provider, required_providers or provider_meta, nor a value they refer to";
    private const string Remedy = "leave them as they are in the base; a person changes them by hand";

    public static IEnumerable<RuleFault> Check(StackCode after, StackCode before)
    {
        var folders = after.Modules.Concat(before.Modules).Select(module => module.Folder).Distinct();
        var changed = folders.SelectMany(folder => Changes(Settings(after, folder), Settings(before, folder))).ToList();
        return changed.Count > 0 ? changed.Select(setting => setting.Place.Fault(Rule, Remedy)) : CheckReferences(after, before);
    }

    private static IEnumerable<Setting> Changes(List<Setting> now, List<Setting> then) => Without(now, then).Concat(Without(then, now));

    private static IEnumerable<RuleFault> CheckReferences(StackCode after, StackCode before)
    {
        var first = after.Modules.SelectMany(Blocks).FirstOrDefault();
        if (first is null)
        {
            yield break;
        }

        var (now, then) = (References(after), References(before));
        if (now is null || then is null)
        {
            yield return first.Fault("what backend and provider blocks refer to must be possible to follow", "let them refer to fewer values");
        }
        else if (now.Count != then.Count || now.Any(one => then.GetValueOrDefault(one.Key) != one.Value))
        {
            yield return first.Fault(Rule, Remedy);
        }
    }

    private static IReadOnlyDictionary<string, string>? References(StackCode code) =>
        new References(code).Of(code.Modules.SelectMany(module => Blocks(module).Select(placed => (placed.Block, module))));

    private static IEnumerable<Setting> Without(IReadOnlyList<Setting> some, IReadOnlyList<Setting> others)
    {
        var counts = others.CountBy(setting => setting.Meaning).ToDictionary(StringComparer.Ordinal);
        foreach (var setting in some)
        {
            var left = counts.GetValueOrDefault(setting.Meaning);
            counts[setting.Meaning] = left - 1;
            if (left <= 0)
            {
                yield return setting;
            }
        }
    }

    private static List<Setting> Settings(StackCode code, string folder)
    {
        var module = code.Module(folder) ?? (code.Tree.Module(folder) is { } files ? new CodeModule(folder, files, code.Given) : null);
        return module is null ? [] : [.. Blocks(module).Select(placed => new Setting(placed, Canonical.Of(placed.Block)))];
    }

    // All of `terraform` but the engine's version: what is not known here is not for an edit either.
    private static IEnumerable<PlacedBlock> Blocks(CodeModule module)
    {
        foreach (var placed in module.Blocks)
        {
            if (placed.Block.Type == "provider")
            {
                yield return placed;
            }
            else if (placed.Block.Type == "terraform")
            {
                foreach (var part in placed.Block.Body.Blocks)
                {
                    yield return placed with { Block = part };
                }

                foreach (var part in placed.Block.Body.Attributes.Where(attribute => attribute.Name != "required_version"))
                {
                    yield return placed with { Block = new(part.Name, [], new([part], []), part.Span) };
                }
            }
        }
    }

    private sealed record Setting(PlacedBlock Place, string Meaning);
}
