using McpInfra.Graph.Hcl;
using Xunit;

namespace McpInfra.Graph.Tests.Hcl;

public sealed class Expressions_are_read
{
    [Theory]
    [InlineData("1 + 2 * 3", "(1+(2*3))")]
    [InlineData("1 - 2 - 3", "((1-2)-3)")]
    [InlineData("a || b && c == d < e + f * g", "(a||(b&&(c==(d<(e+(f*g))))))")]
    [InlineData("-a.b + !c", "((-a.b)+(!c))")]
    [InlineData("a ? b : c ? d : e", "(a?b:(c?d:e))")]
    [InlineData("a >= b", "(a>=b)")]
    [InlineData("a<b", "(a<b)")]
    [InlineData("1.5e+3", "1.5e+3")]
    [InlineData("a.b[0].c[\"k\"]", "a.b[0].c['k']")]
    [InlineData("a.*.b", "a.*.b")]
    [InlineData("a[*].b", "a[*].b")]
    [InlineData("a.0.b", "a.0.b")]
    [InlineData("f()", "f()")]
    [InlineData("f /* gap */ (a, b...)", "f(a,b...)")]
    [InlineData("provider::aws::arn_parse(x).region", "provider::aws::arn_parse(x).region")]
    [InlineData("provider :: aws :: f(x)", "provider::aws::f(x)")]
    [InlineData("[1, 2,]", "[1,2]")]
    [InlineData("[\n1, # one\n2\n]", "[1,2]")]
    [InlineData("{ a = 1, \"b\" : 2, (c) = 3, \"${d}\" = 4 }", "{'a'=1,'b'=2,pc=3,<${d}>=4}")]
    [InlineData("{\na = 1\n\nb = 2\n}", "{'a'=1,'b'=2}")]
    [InlineData("{ true = 1, null = 2 }", "{'true'=1,'null'=2}")]
    [InlineData("[for v in c : v.x if v.y]", "for(,v in c: v.x if v.y)")]
    [InlineData("{for k, v in c : k => v... if true}", "for(k,v in c: k=>v... if true)")]
    [InlineData("{\n  for k, v in c :\n  k => v\n}", "for(k,v in c: k=>v)")]
    [InlineData("(\n1\n+\n2)", "p(1+2)")]
    [InlineData("true", "true")]
    [InlineData("null", "null")]
    [InlineData("日本.naïve-name", "日本.naïve-name")]
    public void As_the_language_says(string written, string shape) => Assert.Equal(shape, Reading.Shape(written));

    [Theory]
    [InlineData("\"plain\"", "'plain'")]
    [InlineData("\"\"", "''")]
    [InlineData("\"a${b}c\"", "<'a' ${b} 'c'>")]
    [InlineData("\"${b}\"", "<${b}>")]
    [InlineData("\"$${b} %%{c} $ % $5\"", "'${b} %{c} $ % $5'")]
    [InlineData("\"$$${b}\"", "'$${b}'")]
    [InlineData("\"a ${~ b ~} c\"", "<'a' ${b} 'c'>")]
    [InlineData("\"%{ if a }x%{ else }y%{ endif }\"", "<if(a then 'x' else 'y')>")]
    [InlineData("\"%{ for k, v in c ~} ${v} %{~ endfor }\"", "<for(k,v in c: ${v})>")]
    [InlineData("\"${\"inner ${x}\"}\"", "<${<'inner ' ${x}>}>")]
    [InlineData("\"${\n{ a = 1 }[\"a\"]\n}\"", "<${{'a'=1}['a']}>")]
    [InlineData(@"""\n\t\\\""\u0041\U0001F600""", "'\\n\t\\\"A😀'")]
    [InlineData("<<EOT\na\n  b ${c}\nEOT", "<'a\\n  b ' ${c} '\\n'>")]
    [InlineData("<<-EOT\n    a\n\n      b\n    EOT", "'a\\n\\n  b\\n'")]
    [InlineData("<<EOT\n EOT2\nEOTX\n\t EOT \t", "' EOT2\\nEOTX\\n'")]
    [InlineData("<<EOT\n\\n stays\nEOT", "'\\n stays\\n'")]
    public void Templates_too(string written, string shape) => Assert.Equal(shape, Reading.Shape(written));

    [Fact]
    public void A_heredoc_may_be_an_argument() =>
        Assert.Equal("f('a\\n',2)", Reading.Shape("f(<<EOT\na\nEOT\n, 2)"));

    [Fact]
    public void What_stands_in_a_string_is_not_a_comment() =>
        Assert.Equal("'# // /* */'", Reading.Shape("\"# // /* */\""));

    [Fact]
    public void Every_expression_within_is_a_child()
    {
        var value = Reading.Value("\"%{ for k in [f(1)] }${ {(g(2)) = h[i(3)]} }%{ if j(4) }${k(5)}%{ else }${l(6) ? m(7) : -n(8) + o(9)}%{ endif }%{ endfor }\"");
        var calls = new SortedSet<string>();
        Collect(value, calls);
        Assert.Equal("f g i j k l m n o", string.Join(' ', calls));

        static void Collect(HclExpression value, SortedSet<string> calls)
        {
            if (value is HclExpression.Call call)
            {
                calls.Add(call.Name);
            }

            foreach (var child in value.Children)
            {
                Collect(child, calls);
            }
        }
    }
}
