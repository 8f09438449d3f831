using System.Globalization;
using System.Text;

namespace McpInfra.SecretProbe;

/// <summary>A place in a text, in UTF-16 units.</summary>
public sealed record Marked(int Start, int End, string Kind);

/// <summary>A text with the places of its credentials and of what only looks like one, as the corpora of score.py have it.</summary>
public sealed record ProbeText(string Id, string Text, string Carrier, IReadOnlyList<Marked> Spans, IReadOnlyList<Marked> DontCare, IReadOnlyList<Marked> HardNegatives)
{
    // One text of so many has no credential at all.
    private const int Clean = 4;

    // One text of so many is encoded whole.
    private const int Encoded = 12;

    /// <summary>So many texts; the same ones for the same seed.</summary>
    public static IEnumerable<ProbeText> Make(int count, int seed)
    {
        var random = new Random(seed);
        for (var number = 0; number < count; number++)
        {
            yield return One(number, random);
        }
    }

    private static ProbeText One(int number, Random random)
    {
        var carrier = CarrierForm.All[random.Next(CarrierForm.All.Count)];
        var text = new StringBuilder();
        var spans = new List<Marked>();
        var harmless = new List<Marked>();
        var secrets = number % Clean == 0 ? 0 : random.Next(1, 3);
        var order = new bool[secrets + random.Next(1, 4)];
        order.AsSpan(0, secrets).Fill(true);
        random.Shuffle(order);
        foreach (var secret in order)
        {
            var kinds = secret ? Credentials.All : Harmless.All;
            var kind = kinds[random.Next(kinds.Count)];
            var (line, start, end) = carrier.Wrap(kind.Name(random), kind.Make(random));
            (secret ? spans : harmless).Add(new Marked(text.Length + start, text.Length + end, kind.Kind));
            text.Append(line);
        }

        var made = text.ToString();
        var id = string.Create(CultureInfo.InvariantCulture, $"secret-probe-{number}");
        if (number % Encoded == 1 && secrets > 0)
        {
            var whole = Convert.ToBase64String(Encoding.UTF8.GetBytes(made));
            return new ProbeText(id, $"{{\"UserData\":\"{whole}\"}}", "base64 of " + carrier.Name, [new Marked(13, 13 + whole.Length, "file_in_base64")], [], []);
        }

        return new ProbeText(id, made, carrier.Name, spans, [], harmless);
    }
}
