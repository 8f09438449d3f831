using System.Formats.Asn1;
using System.Globalization;
using System.Text;

namespace McpInfra.SecretProbe;

/// <summary>Texts of the second round: other kinds and carriers, connections, values split over lines and strings, files in wrapped base64, and private keys as bare bytes.</summary>
public static class SecondRound
{
    // One text of so many has no credential at all.
    private const int Clean = 3;
    private const int LineOfBase64 = 76;
    private static readonly string[] Folds = ["\n", "\n    ", "\\\n", "\\n", "\" + \"", "' +\n      '", "\" .\n  \"", "\"\n  \"", "\n# ", "\n> "];

    /// <summary>So many texts; the same ones for the same seed.</summary>
    public static IEnumerable<ProbeText> Make(int count, int seed)
    {
        var random = new Random(seed);
        for (var number = 0; number < count; number++)
        {
            var text = new StringBuilder();
            var (spans, harmless) = (new List<Marked>(), new List<Marked>());
            var carrier = Pick(Carried.All, random);
            for (var more = random.Next(1, 4); more > 0; more--)
            {
                Add(text, carrier, Pick(LookAlikes.All, random), harmless, random);
            }

            var form = number % Clean == 0 ? "clean" : Secret(text, carrier, spans, random);
            for (var more = random.Next(0, 3); more > 0; more--)
            {
                Add(text, carrier, Pick(LookAlikes.All, random), harmless, random);
            }

            var id = string.Create(CultureInfo.InvariantCulture, $"secret-probe-2-{number}");
            yield return form == "file" && Wrapped(text.ToString()) is var whole ? new ProbeText(id, whole, "wrapped base64", [new Marked(6, whole.Length - 1, "file_in_base64")], [], []) : new ProbeText(id, text.ToString(), form, spans, [], harmless);
        }
    }

    private static string Secret(StringBuilder text, CarrierForm carrier, List<Marked> spans, Random random)
    {
        switch (random.Next(8))
        {
            case 0 or 1:
                var holder = random.Next(12) == 0 ? Pick(Carried.OfSecrets, random) : carrier;
                Add(text, holder, Pick(Coined.Named, random), spans, random);
                return holder.Name;
            case 2:
                Add(text, carrier, Pick(Coined.Telling, random), spans, random);
                return carrier.Name;
            case 3:
                var bare = Pick(Carried.Bare, random);
                Add(text, bare, Pick(Coined.Telling, random), spans, random);
                return bare.Name;
            case 4:
                var connection = Pick(Coined.Connections, random);
                var value = new Invented("", "", connection.Shape).Make(random);
                text.Append(connection.Before);
                spans.Add(new Marked(text.Length, text.Length + value.Length, connection.Kind));
                text.Append(value).Append(connection.After).Append('\n');
                return "connection " + connection.Kind;
            case 5:
                return Split(text, spans, random);
            case 6:
                Key(text, spans, random);
                return "key in bytes";
            default:
                Add(text, carrier, Pick(Coined.Telling, random), [], random);
                return "file";
        }
    }

    private static string Split(StringBuilder text, List<Marked> spans, Random random)
    {
        var (kind, fold) = (Pick(Coined.Telling, random), Pick(Folds, random));
        var value = kind.Make(random);
        var at = random.Next(value.Length / 4, value.Length - 6);
        var quote = fold.Contains('\'') ? "'" : fold.Contains('"') || fold == "\\n" ? "\"" : "";
        text.Append(fold == "\n# " ? "# " : fold == "\n> " ? "> " : "").Append(kind.Name(random)).Append(" = ").Append(quote);
        spans.Add(new Marked(text.Length, text.Length + value.Length + fold.Length, kind.Kind));
        text.Append(value.Insert(at, fold)).Append(quote).Append('\n');
        return "split by " + fold.Replace("\n", "LF", StringComparison.Ordinal);
    }

    private static void Key(StringBuilder text, List<Marked> spans, Random random)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            var form = random.Next(3);
            writer.WriteInteger(form == 1 ? 1 : 0);
            if (form == 0)
            {
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier("1.2.840.10045.2.1");
                    writer.WriteObjectIdentifier("1.2.840.10045.3.1.7");
                }

                writer.WriteOctetString(Bytes(random, 100));
            }
            else if (form == 1)
            {
                writer.WriteOctetString(Bytes(random, 32));
            }
            else
            {
                for (var number = 0; number < 5; number++)
                {
                    writer.WriteIntegerUnsigned([1, .. Bytes(random, 127)]);
                }
            }
        }

        var bytes = writer.Encode();
        var (before, written) = random.Next(4) switch
        {
            0 => ("key=", Convert.ToBase64String(bytes)),
            1 => ("\"key\": \"", Convert.ToBase64String(bytes)),
            2 => ("der: ", Convert.ToHexStringLower(bytes)),
            _ => ("key:\n", string.Join('\n', Convert.ToBase64String(bytes).Chunk(64).Select(line => new string(line)))),
        };
        text.Append(before);
        spans.Add(new Marked(text.Length, text.Length + written.Length, "key_in_bytes"));
        text.Append(written).Append('\n');
    }

    private static void Add(StringBuilder text, CarrierForm carrier, Invented kind, List<Marked> spans, Random random)
    {
        var (line, start, end) = carrier.Wrap(kind.Name(random), kind.Make(random));
        spans.Add(new Marked(text.Length + start, text.Length + end, kind.Kind));
        text.Append(line);
    }

    private static string Wrapped(string text) => "data:\n" + string.Join('\n', Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).Chunk(LineOfBase64).Select(line => new string(line))) + "\n";

    private static T Pick<T>(IReadOnlyList<T> of, Random random) => of[random.Next(of.Count)];

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
