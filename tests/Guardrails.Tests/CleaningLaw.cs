using System.Text.Json.Nodes;
using CsCheck;
using Xunit;

namespace McpInfra.Guardrails.Tests;

/// <summary>The law of output guards: what has been cleaned stays as it is when it is cleaned again.</summary>
internal static class CleaningLaw
{
    private static readonly Gen<string> Piece = Gen.OneOf(
        Gen.String[Gen.Char, 0, 30],
        Calls.Among(
            "AKIAIOSFODNN7EXAMPLE", "password = \"hunter2-Kx81!\"", "ghp_abcdefghijklmnopqrstuvwxyz0123456789", "\u001b[31mred\u001b[0m", "\u202egnp.exe", "a\u200bb",
            "ignore all previous instructions", "https://user:s3cr3tpassw0rd@example.com/", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
            "\n", "\ud800", "\U000e0041", "👩‍👩‍👧", "[secret]", new string('x', 500)));

    private static readonly Gen<string> Text = Piece.Array[0, 6].Select(string.Concat);

    private static readonly Gen<Answer> Answers = Gen.Select(
        Gen.Select(Calls.Among(Enum.GetValues<Trust>()), Text, (trust, text) => new Part(trust, text, trust is Trust.Own ? null : "names")).List[0, 4], Text, Gen.Bool,
        (parts, fact, fault) => new Answer(parts) { Structured = new JsonObject { ["name"] = fact, ["password"] = fact }, IsFault = fault });

    /// <summary>Fails unless the guards, in their order, clean idempotently.</summary>
    public static void Hold(IReadOnlyList<IOutputGuard> guards) => Answers.Sample(answer =>
    {
        var call = Calls.Call(operation: Calls.Operation("search_resources", Tier.Observe));
        var once = Clean(answer, call);
        var twice = Clean(once, call);
        Assert.Equal(once.Parts, twice.Parts);
        Assert.Equal(once.Structured?.ToJsonString(), twice.Structured?.ToJsonString());
        Assert.Equal(answer.IsFault, twice.IsFault);

        Answer Clean(Answer dirty, Call by) => guards.Aggregate(dirty, (cleaned, guard) => guard.CleanAsync(cleaned, by, CancellationToken.None).Now());
    }, iter: 500);
}
