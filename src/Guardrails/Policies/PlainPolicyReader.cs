using McpInfra.Guardrails.Manifests;

namespace McpInfra.Guardrails.Policies;

/// <summary>Reads a plain-language policy: Markdown, with what it is about in front matter between lines of `---`.</summary>
internal static class PlainPolicyReader
{
    private const string Fence = "---";
    private static readonly Dictionary<string, bool> Enforcements = new() { ["cedar"] = true, ["none"] = false };

    /// <summary>The policy; faults carry its file and line.</summary>
    public static PlainPolicy Read(string file, string text, List<Fault> faults)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        if (lines[0].TrimEnd() != Fence)
        {
            return new PlainPolicy(file, file, text);
        }

        var end = Array.FindIndex(lines, 1, line => line.TrimEnd() == Fence);
        if (end < 0)
        {
            faults.Add(new Fault(file, 1, "front matter begins and no line of --- ends it"));
            return new PlainPolicy(file, file, text);
        }

        var body = string.Join('\n', lines[(end + 1)..]);
        var own = new List<Fault>();
        var policy = ManifestMap.Parse(file, new StringReader(string.Join('\n', lines[1..end])), own) is { } map ? Read(file, body, map) : new PlainPolicy(file, file, body);
        faults.AddRange(own.Select(fault => fault with { Line = fault.Line + 1 })); // The fence is the first line.
        return policy;
    }

    private static PlainPolicy Read(string file, string body, ManifestMap map)
    {
        var scope = map.Map("scope");
        var rules = map.Texts("rules") ?? [];
        var enforced = map.Choice("enforcement", Enforcements, rules.Count > 0);
        if (enforced && rules.Count == 0)
        {
            map.Fault("enforcement", "says cedar, and `rules` names no rule that enforces it");
        }
        else if (!enforced && rules.Count > 0)
        {
            map.Fault("enforcement", "says none, and `rules` names rules");
        }

        var policy = new PlainPolicy(file, map.Text("id") ?? file, body)
        {
            Version = map.Text("version"),
            Owner = map.Text("owner"),
            Agents = scope?.Texts("agents"),
            Operations = scope?.Texts("operations"),
            Rules = rules,
        };
        map.Close();
        return policy;
    }
}
