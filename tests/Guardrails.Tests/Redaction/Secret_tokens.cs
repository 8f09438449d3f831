using System.Text;
using McpInfra.Guardrails.Redaction;
using Xunit;

namespace McpInfra.Guardrails.Tests.Redaction;

public sealed class Secret_tokens
{
    private static readonly SecretTokens Ours = new(Encoding.UTF8.GetBytes("a key of the first organisation."));
    private static readonly SecretTokens Others = new(Encoding.UTF8.GetBytes("a key of another organisation..."));

    [Fact]
    public void Equal_values_have_equal_tokens_within_an_organisation() => Assert.Equal(Ours.Token("github", "hunter2"), Ours.Token("github", "hunter2"));

    [Fact]
    public void Different_values_have_different_tokens() => Assert.NotEqual(Ours.Token("github", "hunter2"), Ours.Token("github", "hunter3"));

    [Fact]
    public void Another_organisation_has_other_tokens() => Assert.NotEqual(Ours.Token("github", "hunter2"), Others.Token("github", "hunter2"));

    [Fact]
    public void A_token_names_its_kind_and_not_its_value() => Assert.Matches(@"^\[secret:github:[0-9a-f]{8}\]$", Ours.Token("GitHub", "hunter2"));

    [Fact]
    public void A_token_stands_for_itself() => Assert.Equal(Ours.Token("a", "b"), Ours.Token("c", Ours.Token("a", "b")));

    [Theory]
    [InlineData("[secret:github:4f2a9100]", true)]
    [InlineData("[secret:github:4f2a91]", false)]
    [InlineData("[secret::4f2a9100]", false)]
    [InlineData("[secret:GITHUB:4f2a9100]", false)]
    [InlineData("[secret:github:4f2a9100] ", false)]
    [InlineData("", false)]
    public void Only_our_own_form_is_recognised(string text, bool ours) => Assert.Equal(ours, SecretTokens.IsToken(text));

    [Fact]
    public void A_short_key_is_refused() => Assert.Throws<ArgumentException>(() => new SecretTokens([1, 2, 3]));
}
