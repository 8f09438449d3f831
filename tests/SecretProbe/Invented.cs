using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace McpInfra.SecretProbe;

/// <summary>A kind of value, made by seed so that none stands in a file.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Names">Names that hold such a value, parted by blanks; empty when the value tells by itself.</param>
/// <param name="Shape">
/// @n letters and digits, #n hexadecimal, €n the same in capitals, %n digits, ^n capitals and digits, ¬n small letters and digits, ¤n small letters, ¦n base32, £n base64 for links, ~n letters, digits and signs,
/// ¥n the same with signs that files have to escape nowhere, ¢n words, µn base64 of n letters and digits, &amp;n base64 of n bytes, GUID one of those; the rest as it stands.
/// </param>
public sealed partial record Invented(string Kind, string Names, string Shape)
{
    private const string Lower = "abcdefghijklmnopqrstuvwxyz";
    private const string Digits = "0123456789";
    private const string Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static readonly string[] Words = "harbor velvet orbit maple cactus ribbon glance timber frozen salmon copper puzzle walnut breeze tunnel gospel ladder saddle mimic rural dwarf onion basket cement drift elbow fabric gravity hollow inherit jungle kidney lemon magnet napkin oblige parade quiz rebuild scissors tobacco umbrella viable wagon yellow zebra".Split(' ');

    /// <summary>A value of the kind.</summary>
    public string Make(Random random) => Part().Replace(Shape, match =>
    {
        var length = match.Groups[2].Length == 0 ? 0 : int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture);
        return match.Groups[1].Value switch
        {
            "@" => random.GetString(Lower + Upper + Digits, length),
            "#" => random.GetString("0123456789abcdef", length),
            "%" => random.GetString(Digits, length),
            "^" => random.GetString(Upper + Digits, length),
            "€" => random.GetString("0123456789ABCDEF", length),
            "¬" => random.GetString(Lower + Digits, length),
            "¤" => random.GetString(Lower, length),
            "¦" => random.GetString(Upper + "234567", length),
            "£" => random.GetString(Lower + Upper + Digits + "-_", length),
            "¥" => Mixed(random, length - 2) + random.GetString("!#*+-_.%^@=?~$", 1) + random.GetString(Lower + Digits, 1),
            "¢" => string.Join(' ', random.GetItems(Words, length)),
            "µ" => Convert.ToBase64String(Encoding.UTF8.GetBytes(random.GetString(Lower + Upper + Digits, length))),
            "~" => Mixed(random, length),
            "&" => Base64(random, length),
            _ => new Guid(Bytes(random, 16)).ToString(),
        };
    });

    /// <summary>One of the names.</summary>
    public string Name(Random random) => random.GetItems(Names.Split(' '), 1)[0];

    // As a generator of passwords does it: one of each group at least.
    private static string Mixed(Random random, int length)
    {
        var made = new StringBuilder(random.GetString(Lower, 1) + random.GetString(Upper, 1) + random.GetString(Digits, 1) + random.GetString("!#*+-_.%^", 1) + random.GetString(Lower + Upper + Digits, length - 4)).ToString().ToCharArray();
        random.Shuffle(made);
        return new string(made);
    }

    private static string Base64(Random random, int bytes) => Convert.ToBase64String(Bytes(random, bytes));

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    [GeneratedRegex("([@#^~&€¬¤¦£¥¢µ]|%(?=[0-9]+(?![0-9A-F])))([0-9]+)|()GUID()")]
    private static partial Regex Part();
}
