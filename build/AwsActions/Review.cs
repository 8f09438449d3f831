using System.Text.RegularExpressions;

namespace McpInfra.Build.AwsActions;

/// <summary>The reviewed rules: which actions are reads that a plan may make.</summary>
internal sealed partial record Review(IReadOnlyList<string> Reads, IReadOnlySet<string> Words, IReadOnlySet<string> Data, IReadOnlySet<string> Refused, IReadOnlySet<string> Allowed, IReadOnlySet<string> Cleaned)
{
    public static Review Parse(IReadOnlyList<string> lines)
    {
        var rules = lines.Select(line => line.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(words => words.Length > 1).ToLookup(words => words[0], words => words[1..]);
        HashSet<string> Of(string kind) => [.. rules[kind].SelectMany(words => words)];
        return new Review([.. Of("reads")], Of("words"), Of("data"), Of("refuse"), Of("read"), rules["always"].Concat(rules["shaped"]).Select(words => words[0]).ToHashSet());
    }

    /// <summary>`+` a read that passes, `-` a read that is refused, `.` anything else.</summary>
    public char Mark(ServiceModel model, ServiceAction action)
    {
        var name = $"{model.Signing}:{action.Name}";
        return Data.Contains(model.Name) || Refused.Contains(name) ? '-'
            : Allowed.Contains(name) ? '+'
            : !Reads.Any(prefix => action.Name.StartsWith(prefix, StringComparison.Ordinal) && (action.Name.Length == prefix.Length || char.IsAsciiLetterUpper(action.Name[prefix.Length]))) ? '.'
            : action.Answer.IsData || Word().Matches(action.Name).Any(word => Words.Contains(word.Value)) ? '-'
            : '+';
    }

    /// <summary>What of the answers of reads that pass must be cleaned, as the models mark and name it; in the form of review.txt's own rules.</summary>
    public IEnumerable<string> Marked(IEnumerable<ServiceModel> models) =>
        from model in models
        from action in model.Actions
        where Mark(model, action) == '+'
        let name = $"{model.Signing}:{action.Name}"
        from line in new[] { Line("always", name, action.Answer.Secrets), Line("shaped", name, action.Answer.Sensitive) }
        where line is not null
        orderby name, line
        select line;

    private static string? Line(string kind, string name, IEnumerable<string> fields) => fields.Order(StringComparer.Ordinal).ToList() is { Count: > 0 } some ? $"{kind} {name} {string.Join(' ', some)}" : null;

    /// <summary>Rules that name what no model has: a mistake, or an action that is gone.</summary>
    public IReadOnlyList<string> Faults(IReadOnlyList<ServiceModel> models)
    {
        var known = models.SelectMany(model => model.Actions.Select(action => $"{model.Signing}:{action.Name}")).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. Refused.Concat(Allowed).Concat(Cleaned).Where(name => !known.Contains(name)).Distinct().Select(name => $"review.txt names {name}, which no model has"),
            .. Data.Except(models.Select(model => model.Name)).Select(name => $"review.txt names the model {name}, which is not there"),
            .. Cleaned.Where(name => known.Contains(name) && !models.Any(model => model.Actions.Any(action => $"{model.Signing}:{action.Name}" == name && Mark(model, action) == '+'))).Select(name => $"review.txt cleans {name}, which it does not let through"),
        ];
    }

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z][a-z0-9]*|[a-z0-9]+")]
    private static partial Regex Word();
}
