using CsCheck;
using McpInfra.Guardrails.Redaction;
using Xunit;

namespace McpInfra.Guardrails.Tests.Redaction;

public sealed class Beginnings_of_credentials
{
    private static readonly string[] Some = [.. Formats.Prefixes, .. ShapeScan.Marks, "Q~", "zz"];
    private static readonly Beginnings All = new(Some);

    private static readonly Gen<string> Texts = Gen.OneOf(
            Among(Some), Among(Some).Select(text => text[..^1]), Gen.String[Gen.Char['\0', 'ǿ'], 0, 20], Among("\u0141\u0241IA", "AKIA", "\ud800", ""))
        .Array[0, 12].Select(string.Concat);

    [Fact]
    public void Are_found_exactly_where_they_stand() => Texts.Sample(
        text =>
        {
            var found = new List<int>();
            for (var at = All.Next(text, 0); at < text.Length; at = All.Next(text, at + 1))
            {
                found.Add(at);
            }

            return found.SequenceEqual(Enumerable.Range(0, text.Length).Where(at => Array.Exists(Some, beginning => text.AsSpan(at).StartsWith(beginning))));
        },
        iter: 20_000);

    private static Gen<string> Among(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);
}
