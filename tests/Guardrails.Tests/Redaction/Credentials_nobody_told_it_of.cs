using McpInfra.Guardrails.Redaction;
using McpInfra.SecretProbe;
using Xunit;

namespace McpInfra.Guardrails.Tests.Redaction;

/// <summary>On texts of tests/SecretProbe, whose kinds, carriers and look-alikes are not those of the corpus.</summary>
public sealed class Credentials_nobody_told_it_of
{
    private static readonly IReadOnlyList<(ProbeText Text, IReadOnlyList<SecretSpan> Found)> Scanned = Scan(ProbeText.Make(600, seed: 7));

    [Fact]
    public void Are_covered_whole_in_nineteen_of_twenty_places()
    {
        var places = Covered(Scanned);
        Assert.True(places.Count(covered => covered) >= places.Length * 0.95, $"{places.Count(covered => covered)} of {places.Length}");
    }

    [Theory]
    [InlineData(3, false, 0.93)]
    [InlineData(3, true, 0.9)]
    [InlineData(4, false, 0.95)]
    [InlineData(4, true, 0.85)]
    public void In_pieces_of_files_as_people_write_them_are_covered_too(int round, bool held, double least)
    {
        var scanned = Scan((round == 3 ? Pieces.Third : Pieces.Fourth).Make(600, seed: 7, held));
        var places = Covered(scanned);
        Assert.True(places.Count(covered => covered) >= places.Length * least, $"{places.Count(covered => covered)} of {places.Length}");
        var wrong = Wrong(scanned);
        Assert.True(wrong.Length * 33 <= scanned.Sum(one => one.Found.Count), string.Join('\n', wrong));
    }

    [Fact]
    public void Leave_hashes_ids_references_and_placeholders_beside_them_as_they_are()
    {
        var wrong = Wrong(Scanned);
        Assert.True(wrong.Length * 100 <= Scanned.Sum(scanned => scanned.Found.Count), string.Join('\n', wrong));
    }

    private static IReadOnlyList<(ProbeText Text, IReadOnlyList<SecretSpan> Found)> Scan(IEnumerable<ProbeText> texts) => [.. texts.Select(text => (text, SecretScanner.Find(text.Text)))];

    private static bool[] Covered(IReadOnlyList<(ProbeText Text, IReadOnlyList<SecretSpan> Found)> scanned) =>
        [.. scanned.SelectMany(one => one.Text.Spans.Select(place => Enumerable.Range(place.Start, place.End - place.Start).All(at => one.Found.Any(span => span.Start <= at && at < span.End))))];

    private static string[] Wrong(IReadOnlyList<(ProbeText Text, IReadOnlyList<SecretSpan> Found)> scanned) =>
        [.. scanned.SelectMany(one => one.Found.Where(span => !one.Text.Spans.Any(place => place.Start < span.End && span.Start < place.End)).Select(span => one.Text.Text[span.Start..span.End]))];
}
