using McpInfra.Guardrails.Redaction;
using McpInfra.SecretProbe;
using Xunit;

namespace McpInfra.Guardrails.Tests.Redaction;

/// <summary>On texts of tests/SecretProbe, whose kinds, carriers and look-alikes are not those of the corpus.</summary>
public sealed class Credentials_nobody_told_it_of
{
    private static readonly IReadOnlyList<(ProbeText Text, IReadOnlyList<SecretSpan> Found)> Scanned = [.. ProbeText.Make(600, seed: 7).Select(text => (text, SecretScanner.Find(text.Text)))];

    [Fact]
    public void Are_covered_whole_in_nineteen_of_twenty_places()
    {
        var places = Scanned.SelectMany(scanned => scanned.Text.Spans.Select(place => Enumerable.Range(place.Start, place.End - place.Start).All(at => scanned.Found.Any(span => span.Start <= at && at < span.End)))).ToArray();
        Assert.True(places.Count(covered => covered) >= places.Length * 0.95, $"{places.Count(covered => covered)} of {places.Length}");
    }

    [Fact]
    public void Leave_hashes_ids_references_and_placeholders_beside_them_as_they_are()
    {
        var wrong = Scanned.SelectMany(scanned => scanned.Found.Where(span => !scanned.Text.Spans.Any(place => place.Start < span.End && span.Start < place.End)).Select(span => scanned.Text.Text[span.Start..span.End])).ToArray();
        Assert.True(wrong.Length * 100 <= Scanned.Sum(scanned => scanned.Found.Count), string.Join('\n', wrong));
    }
}
