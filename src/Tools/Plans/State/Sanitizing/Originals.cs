using System.Text;
using System.Text.Json.Nodes;
using McpInfra.Guardrails.Redaction;

namespace McpInfra.Tools.Plans.State;

/// <summary>What the tokens of a sanitised state stand for, so that the host can tell a secret that changes from one that was only replaced. Prints as nothing.</summary>
internal sealed class Originals
{
    private readonly Dictionary<string, string?> texts = new(StringComparer.Ordinal);
    private readonly Dictionary<MaskedValue, JsonNode> values = [];

    /// <summary>Remembers what a token stands for. Two secrets may share a token; then it stands for neither.</summary>
    public void Add(string token, string secret)
    {
        if (!texts.TryAdd(token, secret) && texts[token] != secret)
        {
            texts[token] = null;
        }
    }

    /// <summary>Remembers a number or truth that was replaced.</summary>
    public void Add(MaskedValue at, JsonNode value) => values.TryAdd(at, value.DeepClone());

    /// <summary>The number or truth that was replaced there; null when none was.</summary>
    public JsonNode? At(string address, string path) => values.GetValueOrDefault(new MaskedValue(address, path));

    /// <summary>The text with its tokens turned back; the same instance when it holds none of them, null when one of them stands for two secrets.</summary>
    public string? Restored(string text)
    {
        StringBuilder? restored = null;
        var from = 0;
        for (var at = TokenText.Next(text, 0); at >= 0; at = TokenText.Next(text, at))
        {
            var length = SecretTokens.LengthAt(text.AsSpan(at));
            if (texts.TryGetValue(text.Substring(at, length), out var secret))
            {
                if (secret is null)
                {
                    return null;
                }

                (restored ??= new StringBuilder()).Append(text, from, at - from).Append(secret);
                from = at + length;
            }

            at += length;
        }

        return restored is null ? text : restored.Append(text, from, text.Length - from).ToString();
    }

    /// <inheritdoc/>
    public override string ToString() => "[originals]";
}
