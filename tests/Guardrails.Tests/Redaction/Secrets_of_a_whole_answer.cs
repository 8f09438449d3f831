using McpInfra.Guardrails.Injection;
using McpInfra.Guardrails.Redaction;
using McpInfra.Guardrails.Spotlight;
using Xunit;

namespace McpInfra.Guardrails.Tests.Redaction;

/// <summary>What all guards together show of an answer, as the client gets it.</summary>
public sealed class Secrets_of_a_whole_answer
{
    // In two halves, so that no scanner of repositories takes a test for a leak.
    private const string Token = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a";
    private const string Value = "q8Zx3Lm7Vn2Tw9Rk5YpJ4sHd";
    private static readonly SecretTokens Tokens = new(new byte[32]);

    private static async Task<string> ShownAsync(params Part[] parts)
    {
        var answer = new Answer(parts);
        foreach (var guard in OutputGuards.All(Tokens, InjectionFilter.Shipped))
        {
            answer = await guard.CleanAsync(answer, Calls.Call(operation: Calls.Operation("search_resources", Tier.Observe)), CancellationToken.None);
        }

        return Rendering.ToMarkdown(answer);
    }

    [Theory]
    [InlineData("\u200b")]
    [InlineData("\u001b[0m")]
    [InlineData("\u202e")]
    [InlineData("\U000E0041")]
    [InlineData("\ufe0f")]
    [InlineData("\u0007")]
    [InlineData("\u00ad")]
    [InlineData("\u001b]8;;x\u0007")]
    public async Task Nothing_that_cleaning_takes_away_hides_one(string inserted)
    {
        foreach (var secret in new[] { Token, $"password = {Value}" })
        {
            for (var at = 1; at < secret.Length; at++)
            {
                var shown = await ShownAsync(new Part(Trust.Tenant, $"see {secret.Insert(at, inserted)} for more", "tags"));
                Assert.False(shown.Contains(Token, StringComparison.Ordinal) || shown.Contains(Value, StringComparison.Ordinal), $"{at}: {shown}");
            }
        }
    }

    [Theory]
    [InlineData(Trust.Own, Trust.Own)]
    [InlineData(Trust.Tenant, Trust.Tenant)]
    [InlineData(Trust.Own, Trust.Stranger)]
    public async Task Clean_parts_hold_no_secret_when_they_are_read_together(Trust first, Trust second)
    {
        var redactor = new Redactor(Tokens);
        foreach (var secret in new[] { Token, $"password = \"{Value}\"", $"DB_PASSWORD={Value}", $"{{\"name\": \"DB_PASSWORD\", \"value\": \"{Value}\"}}", $"-----BEGIN PRIVATE KEY-----\n{Token[4..]}{Value}\n{Token[4..]}{Value}\n-----END PRIVATE KEY-----" })
        {
            for (var at = 1; at < secret.Length; at++)
            {
                var shown = await ShownAsync(new Part(first, "see " + secret[..at], first is Trust.Own ? null : "tags"), new Part(second, secret[at..] + " for more", second is Trust.Own ? null : "tags"));
                Assert.True(redactor.Text(shown) == shown, $"{at}: {shown}");
            }
        }
    }
}
