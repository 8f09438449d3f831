using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace McpInfra.Tools.Plans.State;

/// <summary>Secrets that were found somewhere in a state, so that every other occurrence of them is found too: as it is, and as JSON, a URL or HTML would write it.</summary>
internal sealed class KnownSecrets
{
    /// <summary>Letters that a secret has at least to be looked for within other text; fewer would be found in everything.</summary>
    public const int Least = 6;

    private const int Most = 100_000;

    private readonly Dictionary<string, string> spellings = new(StringComparer.Ordinal);
    private SearchValues<string> any = SearchValues.Create([], StringComparison.Ordinal);
    private Dictionary<string, List<string>> byStart = [];

    /// <summary>Whether there is any.</summary>
    public bool IsEmpty => byStart.Count == 0;

    /// <summary>Adds a secret.</summary>
    /// <exception cref="StateException">There are more than are looked for.</exception>
    public void Learn(string secret)
    {
        if (secret.Length < Least || spellings.ContainsKey(secret))
        {
            return;
        }

        if (spellings.Count >= Most)
        {
            throw new StateException($"The stack's state holds more than {Most} secrets, which is more than are looked for. Split the stack, so that each part keeps a state of its own.");
        }

        spellings[secret] = secret;
        foreach (var written in Written(secret).Where(written => written != secret))
        {
            spellings.TryAdd(written, secret);
        }
    }

    /// <summary>From now on what was learned is found.</summary>
    public void Ready()
    {
        any = SearchValues.Create([.. spellings.Keys], StringComparison.Ordinal);
        byStart = spellings.Keys.GroupBy(spelling => spelling[..Least]).ToDictionary(group => group.Key, group => group.OrderByDescending(spelling => spelling.Length).ToList(), StringComparer.Ordinal);
    }

    /// <summary>Whether the text holds one.</summary>
    public bool IsIn(ReadOnlySpan<char> text) => !IsEmpty && text.IndexOfAny(any) >= 0;

    /// <summary>The text with each of them replaced; the same instance when it holds none.</summary>
    /// <param name="text">Text without tokens.</param>
    /// <param name="token">What stands for a secret.</param>
    public string Replace(string text, Func<string, string> token)
    {
        if (!IsIn(text))
        {
            return text;
        }

        var (replaced, from) = (new StringBuilder(text.Length), 0);
        for (int next; (next = text.AsSpan(from).IndexOfAny(any)) >= 0;)
        {
            var at = from + next;
            var found = byStart[text.Substring(at, Least)].First(spelling => text.AsSpan(at).StartsWith(spelling, StringComparison.Ordinal));
            replaced.Append(text, from, next).Append(token(spellings[found]));
            from = at + found.Length;
        }

        return replaced.Append(text, from, text.Length - from).ToString();
    }

    private static IEnumerable<string> Written(string secret)
    {
        var json = JsonEncodedText.Encode(secret, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
        yield return json;
        yield return json.Replace("<", "\\u003c", StringComparison.Ordinal).Replace(">", "\\u003e", StringComparison.Ordinal).Replace("&", "\\u0026", StringComparison.Ordinal);
        yield return Uri.EscapeDataString(secret);
        yield return System.Net.WebUtility.UrlEncode(secret);
        yield return System.Net.WebUtility.HtmlEncode(secret);
    }
}
