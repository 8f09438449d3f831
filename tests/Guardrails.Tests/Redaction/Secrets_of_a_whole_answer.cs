using System.Text.Json.Nodes;
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

    private static async Task<string> ShownAsync(params Part[] parts) => Rendering.ToMarkdown(await CleanAsync(new Answer(parts)));

    private static async Task<Answer> CleanAsync(Answer answer)
    {
        foreach (var guard in OutputGuards.All(Tokens, InjectionFilter.Shipped))
        {
            answer = await guard.CleanAsync(answer, Calls.Call(operation: Calls.Operation("search_resources", Tier.Observe)), CancellationToken.None);
        }

        return answer;
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
    [InlineData("""{"resources":[{"id":"i-1","name":"FIRST"},{"id":"i-2","name":"SECOND"}]}""")]
    [InlineData("""{"tags":{"a":"FIRST","b":"SECOND"}}""")]
    [InlineData("""{"tags":[{"key":"a","value":"FIRST"},{"key":"b","value":"SECOND"}]}""")]
    [InlineData("""{"comments":["x","FIRST","SECOND","y"]}""")]
    [InlineData("""{"tags":{"FIRST":"SECOND"}}""")]
    public async Task A_secret_split_over_strings_of_structured_content_is_masked_in_each(string form)
    {
        for (var at = 8; at < Token.Length - 8; at++)
        {
            var facts = form.Replace("FIRST", Token[..at], StringComparison.Ordinal).Replace("SECOND", Token[at..], StringComparison.Ordinal);
            var shown = (await CleanAsync(Answer.Own("x") with { Structured = JsonNode.Parse(facts) })).Structured!.ToJsonString();
            Assert.False(shown.Contains(Token[..at], StringComparison.Ordinal) || shown.Contains(Token[at..], StringComparison.Ordinal), shown);
            Assert.Equal(2, shown.Split("[secret:github:").Length - 1);
        }
    }

    [Fact]
    public async Task A_value_that_its_neighbour_names_is_masked_in_structured_content()
    {
        var answer = await CleanAsync(Answer.Own("x") with { Structured = JsonNode.Parse($$"""[{"name":"DB_PASSWORD","value":"{{Value}}"},{"Key":"Owner","Value":"platform-team-1"}]""") });
        Assert.Matches("""^\[\{"name":"DB_PASSWORD","value":"\[secret:password:\w{8}\]"\},\{"Key":"Owner","Value":"platform-team-1"\}\]$""", answer.Structured!.ToJsonString());
    }

    [Fact]
    public async Task Names_ids_and_hashes_beside_each_other_in_structured_content_stay()
    {
        var facts = JsonNode.Parse("""{"resources":[{"id":"i-0abc123def4567890","name":"api-token-7","hash":"3c7699087a28779c5396c5cb7de61bb7637a91a5"},{"id":"i-0abc123def4567891","name":"q8Zx3Lm7Vn2Tw9Rk","hash":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"}],"cursor":null}""")!;
        Assert.Equal(facts.ToJsonString(), (await CleanAsync(Answer.Own("x") with { Structured = facts.DeepClone() })).Structured!.ToJsonString());
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
