using System.Security.Cryptography;
using System.Text.Json;
using McpInfra.Guardrails.Redaction;
using McpInfra.Guardrails.Spotlight;

namespace McpInfra.Host.Commands;

/// <summary>The only way in which commands print: nothing in a text moves the cursor, colours, hides or turns what a person reads.</summary>
internal static class Terminal
{
    // Equality of secrets does not matter here, so their tokens need not outlive the process.
    private static readonly Lazy<Redactor> Masking = new(() => new Redactor(new SecretTokens(RandomNumberGenerator.GetBytes(32))));

    /// <summary>Prints to standard output; lines stay lines.</summary>
    public static void Say(string text) => Console.Out.WriteLine(Visible.Of(text));

    /// <summary>One line to standard output of which others may have written a part: it stays one line, and shows no secret.</summary>
    public static void SayLine(string text) => Console.Out.WriteLine(Printable.Line(Masking.Value.Text(Visible.Of(text))));

    /// <summary>The same as JSON.</summary>
    public static void SayJson<T>(T value) => Say(Masking.Value.Json(JsonSerializer.SerializeToNode(value, CommandJson.Options))!.ToJsonString(CommandJson.Options));

    /// <summary>Prints to standard error, without secrets.</summary>
    public static void Complain(string text) => Console.Error.WriteLine(Masking.Value.Text(Visible.Of(text)));
}
