using System.Text;
using System.Text.RegularExpressions;

namespace McpInfra.SecretProbe;

/// <summary>A piece of a file as people write it.</summary>
/// <param name="Kind">What it shows.</param>
/// <param name="Form">With ⟦shape⟧ where a secret stands and ⟪shape⟫ where a value stands that only looks like one.</param>
internal sealed partial record Snippet(string Kind, string Form)
{
    /// <summary>The snippets of a file of a round: `=== KIND` begins a kind, `---` another snippet of it.</summary>
    public static IReadOnlyList<IReadOnlyList<Snippet>> Read(string name)
    {
        using var file = new StreamReader(typeof(Snippet).Assembly.GetManifestResourceStream($"McpInfra.SecretProbe.{name}")!);
        return [.. file.ReadToEnd().Split("=== ", StringSplitOptions.RemoveEmptyEntries).Select(kind => kind.Split('\n', 2)).Select(kind => (IReadOnlyList<Snippet>)[.. kind[1].Split("\n---\n").Select(form => new Snippet(kind[0], form.TrimEnd('\n') + "\n"))])];
    }

    /// <summary>Appends it with values made by seed, as a carrier writes it.</summary>
    public void Append(StringBuilder text, Func<string, string> write, List<Marked> secrets, List<Marked> harmless, Random random)
    {
        var from = 0;
        foreach (Match value in Values().Matches(Form))
        {
            text.Append(write(Form[from..value.Index]));
            var start = text.Length;
            text.Append(write(new Invented("", "", value.Value[1..^1]).Make(random)));
            (value.Value[0] == '⟦' ? secrets : harmless).Add(new Marked(start, text.Length, Kind));
            from = value.Index + value.Length;
        }

        text.Append(write(Form[from..]));
    }

    [GeneratedRegex("⟦[^⟧]*⟧|⟪[^⟫]*⟫")]
    private static partial Regex Values();
}
