using CsCheck;
using McpInfra.Guardrails.Redaction;
using Xunit;

namespace McpInfra.Guardrails.Tests.Redaction;

public sealed class Long_runs
{
    private const string Letters = "ab_\n7";
    private const int Least = 20;
    private static readonly Runs Runs = new(Letters, Least);

    // Mostly letters, and what has the same lower bits as one of them.
    private static readonly Gen<string> Texts = Gen.Frequency((60, Gen.Char["ab_\n7"]), (1, Gen.Char["A1q\0\u0161\uFF41\u8061"])).Array[0, 400].Select(letters => new string(letters));

    [Fact]
    public void Are_found_where_a_walk_letter_by_letter_finds_them() => Gen.Select(Texts, Gen.Int[0, 70]).Sample((text, from) =>
    {
        from = Math.Min(from, text.Length);
        Assert.Equal(Walked(text, from), Runs.Next(text, from));
    });

    private static (int Start, int Length) Walked(string text, int from)
    {
        for (var start = from; start < text.Length;)
        {
            var end = start;
            while (end < text.Length && Letters.Contains(text[end], StringComparison.Ordinal))
            {
                end++;
            }

            if (end - start >= Least)
            {
                return (start, end - start);
            }

            start = end + 1;
        }

        return (text.Length, 0);
    }
}
