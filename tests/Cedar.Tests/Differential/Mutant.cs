namespace McpInfra.Cedar.Tests.Differential;

/// <summary>Texts with one small thing wrong, or right in another way.</summary>
internal static class Mutant
{
    private static readonly string[] Inserted = ["(", ")", "\"", ".", ",", " ", "if", "::", "-", "!", "@a ", "{", "}", "[", "has", "like \"*\"", "in ", "\\", "\n", "//", "é", "1", "==", "?principal", "\\u{41}", "\0"];
    private static readonly string[] Replaced = ["principal", "when", "==", "&&", "(", ";", "N::", "true", "in", "\""];
    private static readonly string[] Replacing = ["action", "unless", "=", "||", "((", ",", "if::", "__cedar", "is", "'"];

    public static string Of(string text, Random random)
    {
        var at = random.Next(text.Length);
        var other = random.Next(text.Length);
        return random.Next(6) switch
        {
            0 => text.Remove(at, Math.Min(1 + random.Next(3), text.Length - at)),
            1 => text.Insert(at, Inserted[random.Next(Inserted.Length)]),
            2 => text[..at] + text[Math.Min(text.Length, at + 1 + random.Next(8))..],
            3 => text[..Math.Min(at, other)] + text[Math.Max(at, other)..],
            4 => text.Insert(at, text.Substring(other, Math.Min(random.Next(12), text.Length - other))),
            _ => text.Replace(Replaced[random.Next(Replaced.Length)], Replacing[random.Next(Replacing.Length)], StringComparison.Ordinal),
        };
    }
}
