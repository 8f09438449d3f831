using McpInfra.Guardrails.Injection;
using McpInfra.Guardrails.Redaction;
using McpInfra.Guardrails.Spotlight;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Guardrails.Tests;

/// <summary>The output side over texts made to break it; that each is read in time is shown by the benchmarks.</summary>
public sealed class Hostile_texts
{
    private static readonly SecretTokens Tokens = new([.. Enumerable.Range(0, 32).Select(number => (byte)number)]);
    private static readonly IReadOnlyList<IOutputGuard> Guards = OutputGuards.All(Tokens, InjectionFilter.Shipped);

    private static readonly Dictionary<string, string> Texts = HostileTexts.Of(100_000).ToDictionary(text => text.Name, text => text.Text);

    public static TheoryData<string> Names => [.. Texts.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_cleaned_to_a_short_answer_that_stays_as_it_is(string name)
    {
        var once = Clean(new Answer([new Part(Trust.Stranger, Texts[name])]));
        Assert.True(once.Parts.Sum(part => part.Text.Length) <= TrimGuard.MostBytes);
        Assert.All(once.Parts, part => Assert.DoesNotContain(part.Text, letter => Letters.IsUnseen(letter) && letter is not '\u200d' and not '\ufe0f'));
        Assert.Equal(once.Parts, Clean(once).Parts);
    }

    [Fact]
    public void An_answer_of_64_MB_is_read_to_its_first_million_characters_and_says_so()
    {
        var cleaned = Clean(new Answer([new Part(Trust.Tenant, HostileTexts.Repeat("a line of a log\n", 64 << 20))]));
        Assert.Contains(cleaned.Parts, part => part.Trust is Trust.Own && part.Text.StartsWith("Left out: the rest of a text", StringComparison.Ordinal));
    }

    [Fact]
    public void A_secret_that_stands_where_a_long_text_is_cut_is_not_shown_in_part()
    {
        const int most = 4000;
        var redactor = new Redactor(Tokens);
        var secret = "ghp_" + "q3Zk8VnT1xWcY7bR5mJp2LsD9fGhA4uE6oKi";
        for (var before = (most / 2) - 60; before < (most / 2) + 5; before++)
        {
            var shown = redactor.Beginning(new string('.', before) + " " + secret + new string('.', most), most);
            Assert.DoesNotContain("ghp_", shown, StringComparison.Ordinal);
            Assert.Equal(shown, redactor.Beginning(shown, most));
        }
    }

    [Fact]
    public void After_the_thousandth_secret_the_rest_is_one()
    {
        var shown = new Redactor(Tokens).Beginning(string.Concat(Enumerable.Range(0, 2000).Select(number => $"password=Hunter{number}x!\n")), 1 << 20);
        Assert.Equal(1001, shown.Split("[secret:").Length - 1);
        Assert.EndsWith("]", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("Hunter", shown, StringComparison.Ordinal);
    }

    private static Answer Clean(Answer answer)
    {
        var call = Calls.Call(operation: Calls.Operation("search_resources", Tier.Observe));
        return Guards.Aggregate(answer, (cleaned, guard) => guard.CleanAsync(cleaned, call, CancellationToken.None).Now());
    }
}
