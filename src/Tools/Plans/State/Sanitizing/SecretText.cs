using System.Text;
using System.Text.Json.Nodes;
using McpInfra.Guardrails.Redaction;

namespace McpInfra.Tools.Plans.State;

/// <summary>Replaces secrets within one text of a state by tokens, all of one kind, so that equal secrets have equal tokens however they were found.</summary>
/// <param name="tokens">The organisation's tokens.</param>
/// <param name="known">Learns what is found.</param>
/// <param name="originals">Remembers what is replaced.</param>
internal sealed class SecretText(SecretTokens tokens, KnownSecrets known, Originals originals)
{
    private const string Kind = "state";
    private const int MostPasses = 4;
    private const int MostRemembered = 50_000;

    private readonly Redactor redactor = new(tokens);
    private readonly Dictionary<string, bool> names = new(StringComparer.Ordinal);
    private HashSet<string>? suspect = new(StringComparer.Ordinal);
    private bool looksAgain = true;

    /// <summary>What stands for a secret.</summary>
    public string Token(string secret)
    {
        known.Learn(secret);
        var token = tokens.Token(Kind, secret);
        originals.Add(token, secret);
        return token;
    }

    /// <summary>All texts were seen once: those in which nothing was found by form are not scanned again.</summary>
    public void SeenOnce()
    {
        known.Ready();
        looksAgain = suspect is null;
    }

    /// <summary>The text without its secrets; the same instance when it has none.</summary>
    /// <param name="name">What holds it.</param>
    /// <param name="text">The text.</param>
    public string Clean(string name, string text)
    {
        if (text.Length < 4 || SecretTokens.IsToken(text))
        {
            return text;
        }

        if (IsNamed(name, text))
        {
            return Token(text);
        }

        var clean = TokenText.Between(Shaped(text), piece => known.Replace(piece, Token));
        return EncodedText.Hides(clean, known) || EncodedText.HidesInJson(clean, known) ? Token(text) : clean;
    }

    // Whether its name alone makes it a secret.
    private bool IsNamed(string name, string text)
    {
        if (!names.TryGetValue(name, out var secret))
        {
            names[name] = secret = SecretNames.KindOf(name) is not null;
        }

        return secret && redactor.Json(new JsonObject { [name] = text }) is JsonObject { Count: 1 } only && only.First().Value is JsonValue value && SecretTokens.IsToken(value.GetValue<string>());
    }

    private string Shaped(string text)
    {
        if (!looksAgain && !suspect!.Contains(text))
        {
            return text;
        }

        var before = text;
        for (var pass = 0; pass < MostPasses && SecretScanner.Find(text) is { Count: > 0 } found; pass++)
        {
            text = Masked(text, found);
        }

        if (!ReferenceEquals(before, text) && suspect is not null)
        {
            suspect = suspect.Count < MostRemembered && suspect.Add(before) ? suspect : suspect.Count < MostRemembered ? suspect : null;
        }

        return text;
    }

    private string Masked(string text, IReadOnlyList<SecretSpan> found)
    {
        var (masked, from) = (new StringBuilder(text.Length), 0);
        foreach (var span in found)
        {
            masked.Append(text, from, span.Start - from).Append(Token(text[span.Start..span.End]));
            from = span.End;
        }

        return masked.Append(text, from, text.Length - from).ToString();
    }
}
