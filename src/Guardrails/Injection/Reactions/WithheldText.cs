using System.Security.Cryptography;
using System.Text;

namespace McpInfra.Guardrails.Injection.Reactions;

/// <summary>A text that was kept from a model, for a person to read. It is redacted already.</summary>
/// <param name="Handle">`held_` and letters; the same for the same text of one organisation.</param>
/// <param name="Text">The text.</param>
/// <param name="Trust">Who could have written it.</param>
/// <param name="Source">What it is, in our words.</param>
public sealed record WithheldText(string Handle, string Text, Trust Trust, string? Source)
{
    private const string Letters = "abcdefghijkmnpqrstuvwxyz23456789";
    private const int LettersOfHandle = 12;

    /// <summary>Characters that it had; more than <see cref="Text"/> when only its beginning was kept.</summary>
    public int Length { get; init; } = Text.Length;

    /// <summary>The audit id of the call that met it first.</summary>
    public string Call { get; init; } = "";

    /// <summary>The operation of that call.</summary>
    public string Operation { get; init; } = "";

    /// <summary>The agent type that it was kept from.</summary>
    public string Agent { get; init; } = "";

    /// <summary>When it was met first.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>The handle of a text: 60 bits of its hash under the organisation's name.</summary>
    public static string HandleOf(string organization, string text)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{organization.Length}:{organization}{text}"));
        return "held_" + string.Concat(hash.Take(LettersOfHandle).Select(value => Letters[value % Letters.Length]));
    }
}
