using System.Security.Cryptography;
using System.Text;

namespace McpInfra.Tools.Plans.Cloud.Aws;

/// <summary>The shipped table of what AWS can be asked and what of it a plan may ask: `actions.txt`, made from public service models by the rules of `review.txt`, and `cleaned.txt`, what those models mark in answers.</summary>
internal sealed class AwsActions
{
    private static readonly Lazy<AwsActions> TheShipped = new(() => new(Lines("actions.txt"), [.. Lines("review.txt"), .. Lines("cleaned.txt")]));

    private readonly Dictionary<string, Lazy<AwsService>> services;
    private readonly Dictionary<string, CleanedFields> cleaned;

    private AwsActions(IReadOnlyList<string> actions, IReadOnlyList<string> rules)
    {
        Mark = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', actions.Concat(rules)))));
        services = Sections(actions).GroupBy(section => section[0].Split(' ')[1], StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => new Lazy<AwsService>(() => new AwsService([.. group.Select(AwsModel.Parse)])), StringComparer.Ordinal);
        cleaned = rules.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(words => words is ["always" or "shaped", _, ..])
            .GroupBy(words => words[1], StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => new CleanedFields(Names(group, "always"), Names(group, "shaped")), StringComparer.Ordinal);
    }

    /// <summary>The shipped table.</summary>
    public static AwsActions Shipped => TheShipped.Value;

    /// <summary>Changes whenever the table does.</summary>
    public string Mark { get; }

    /// <summary>Signing names of all services.</summary>
    public IEnumerable<string> Services => services.Keys;

    /// <summary>The service of a signing name; null when the table does not know it.</summary>
    public AwsService? Service(string signing) => services.GetValueOrDefault(signing)?.Value;

    /// <summary>Fields of an action's answer that may carry secrets; null for none.</summary>
    public CleanedFields? Cleaned(string signing, string action) => cleaned.GetValueOrDefault($"{signing}:{action}");

    private static HashSet<string> Names(IEnumerable<string[]> rules, string kind) =>
        rules.Where(words => words[0] == kind).SelectMany(words => words[2..]).ToHashSet(StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<IReadOnlyList<string>> Sections(IReadOnlyList<string> lines)
    {
        for (var at = 0; at < lines.Count;)
        {
            var end = at + 1;
            while (end < lines.Count && !lines[end].StartsWith('='))
            {
                end++;
            }

            if (lines[at].StartsWith('='))
            {
                yield return [.. lines.Skip(at).Take(end - at)];
            }

            at = end;
        }
    }

    private static List<string> Lines(string name)
    {
        using var reader = new StreamReader(typeof(AwsActions).Assembly.GetManifestResourceStream($"aws-{name}")!);
        var lines = new List<string>();
        while (reader.ReadLine() is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }
}

/// <summary>Fields of an answer that are cleaned before the run sees them, by name, at any depth.</summary>
/// <param name="Always">Every value in these becomes a token.</param>
/// <param name="Shaped">Values in these become tokens when they look like secrets or are secrets of the state.</param>
internal sealed record CleanedFields(IReadOnlySet<string> Always, IReadOnlySet<string> Shaped);
