namespace McpInfra.Cedar;

/// <summary>Identifiers and qualified names, and which of them the language keeps for itself.</summary>
internal static class Names
{
    public const string Builtin = "__cedar";

    public static bool IsReserved(ReadOnlySpan<char> word) =>
        word is "true" or "false" or "if" or "then" or "else" or "in" or "is" or "like" or "has" or Builtin;

    public static bool IsIdentifier(ReadOnlySpan<char> word)
    {
        if (word.IsEmpty || !IsFirst(word[0]))
        {
            return false;
        }

        foreach (var letter in word)
        {
            if (!IsFirst(letter) && !char.IsAsciiDigit(letter))
            {
                return false;
            }
        }

        return true;
    }

    public static bool IsUsable(ReadOnlySpan<char> word) => IsIdentifier(word) && !IsReserved(word);

    /// <summary>`A::B::C` of usable identifiers.</summary>
    public static bool IsName(string name)
    {
        var rest = name.AsSpan();
        while (rest.IndexOf("::", StringComparison.Ordinal) is >= 0 and var at)
        {
            if (!IsUsable(rest[..at]))
            {
                return false;
            }

            rest = rest[(at + 2)..];
        }

        return IsUsable(rest);
    }

    public static string Base(string name) => name.LastIndexOf("::", StringComparison.Ordinal) is >= 0 and var at ? name[(at + 2)..] : name;

    public static string Namespace(string name) => name.LastIndexOf("::", StringComparison.Ordinal) is >= 0 and var at ? name[..at] : "";

    public static string Qualify(string @namespace, string name) => @namespace.Length == 0 ? name : $"{@namespace}::{name}";

    public static bool IsAction(string type) => type == "Action" || type.EndsWith("::Action", StringComparison.Ordinal);

    private static bool IsFirst(char letter) => char.IsAsciiLetter(letter) || letter == '_';
}
