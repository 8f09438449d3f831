using System.Text;
using System.Text.Json.Nodes;
using McpInfra.Graph.Hcl;
using Xunit;

namespace McpInfra.Graph.Tests.Hcl;

public sealed class The_reader_agrees_with_HashiCorps
{
    private const int Files = 3_000;
    private const string Marks = "\"{}[]()$%=\n#~\\.,*<:?";

    private static List<string> Written()
    {
        var writer = new HclWriter(new Random(20261122));
        return [.. Enumerable.Range(0, Files).Select(_ => writer.File())];
    }

    [Fact]
    public async Task On_every_construct_of_the_language()
    {
        var texts = Written();
        var theirs = await HashiCorpsReader.ReadAsync(texts);
        var differing = texts.Zip(theirs).Where(pair => !Agree(pair.First, pair.Second)).Select(pair => Difference(pair.First, pair.Second)).ToList();
        Assert.True(differing.Count == 0, $"{differing.Count} of {texts.Count} files differ, the shortest:\n{string.Join("\n\n", differing.OrderBy(text => text.Length).Take(5))}");
        Assert.InRange(theirs.Count(one => one is not null), Files * 9 / 10, Files);
    }

    [Fact]
    public async Task And_reads_no_broken_file_otherwise_than_it()
    {
        var random = new Random(7);
        var texts = Written().Select(text => Broken(text, random)).ToList();
        var theirs = await HashiCorpsReader.ReadAsync(texts);
        var pairs = texts.Zip(theirs).Where(pair => pair.Second is not null).ToList();
        var differing = pairs.Where(pair => Reading.Of(pair.First).Fault is null && !Agree(pair.First, pair.Second)).Select(pair => Difference(pair.First, pair.Second)).ToList();
        Assert.True(differing.Count == 0, $"{differing.Count} of {pairs.Count} files differ, the shortest:\n{string.Join("\n\n", differing.OrderBy(text => text.Length).Take(5))}");
        Assert.InRange(pairs.Count, 100, Files);
    }

    [Fact]
    public async Task On_what_hides_an_end()
    {
        string[] texts =
        [
            "a = <<EOT\nx\rEOT\nEOT\n", "a = <<EOT\nx\n\rEOT\nb = 1\n", "a = <<EOT\nEOT\r\r\nb = 1\n", "a = <<EOT\r\nx\\\r\nEOT\r\n", "a = <<EOT\r\r\nx\nEOT\n",
            "a = <<EOT\nfoo\\\nEOT\n", "a = <<EOT\nfoo\\\nEOT\nb = 1\nEOT\n", "a = <<EOT\nx\\${y}\nEOT\n", "a = <<EOT\nx", "a = <<EOT\nx\nEOT", "a = << EOT\nx\nEOT\n", "a = <<EOT x\nx\nEOT\n",
            "a = <<EOT\n\u00a0EOT\u2003\nb = 1\n", "a = <<EOT\n\vEOT\f\nb = 1\n", "a = <<EOT\n\u0085EOT\nb = 1\n", "a = <<EOT\n\u200bEOT\nb = 1\nEOT\n", "a = <<EOT\n\ufeffEOT\nb = 1\nEOT\n", "a = <<EOT\n\u180eEOT\nb = 1\nEOT\n",
            "a = <<EOT\n${x}EOT\nEOT\n", "a = <<EOT\n${\nx}\nEOT\n", "a = <<EOT\n%{ if x }\nEOT\n%{ endif }\nEOT\n", "a = <<EOT\n$EOT\nEOT\n", "a = <<EOT\n$\nEOT\n", "a = <<EOT\n%\nEOT\n", "a = <<EOT\n$$\nEOT\n", "a = <<EOT\n$${\nEOT\n", "a = <<EOT\n${<<EOT\nEOT\n}\nEOT\n", "a = <<é\né\n",
            "a = \"x\ry\"\n", "a = \"x\r\"\n", "a = \"$${\"\n", "a = \"$$${\"\n", "a = \"\\${x}\"\n", "a = \"\\\\${x}\"\n", "a = \"$\\\"\"\n", "a = \"$\"\n", "a = \"%\"\n", "a = \"${\"}\"}\"\n", "a = \"${ # }\"\n}\"\n", "a = \"${ /* } */ x }\"\n", "a = \"${x\n}\"\n", "a = \"${{}}\"\n", "a = \"${}\"\n", "a = \"${~x~}\"\n", "a = \"${x ~ }\"\n", "a = \"% {\"\n",
            "# x\ry = 1\nb = 2\n", "/* \r */ a = 1\n", "// x\r\r\nb = 1\n", "a = 1\rb = 2\n", "# x\u2028b = 1\n", "# x\u0085b = 1\nc = 1\n", "/* /* */ a = 1\n", "/* */ */ a = 1\n", "a = 1 /* \n */ b = 2\n", "a = /*\n*/ 1\n", "/*/ a = 1 /*/\n", "a = 1 //* x\nb = 2 /*/\nc = 3 */\n", "a = 4 / 2 / 1\n", "#", "a = 1 #",
            "a\u00a0= 1\n", "a = 1\u2028b = 2\n", "a\f= 1\n", "a\u00b7b = 1\n", "a\u200db = 1\n", "x = \u2118\n", "x = a\u1369\n", "x = \U0001d400\n", "\ufeffa = 1\n", "a = 1\n\ufeffb = 2\n", "x = a\u00adb\n", "x = -a-\n",
            "b {\na = 1 }\n", "b { a = 1\n}\n", "b { a = 1, b = 2 }\n", "b {} c {}\n", "b \"x\"\n{}\n", "b \"${x}\" {}\n", "b \"$${x}\" {}\n", "b \"x\"\"y\" {}\n", "b 1 {}\n", "\"b\" {}\n", "a : 1\n", "a == 1\n", "a = 1;\n", "a = 'x'\n", "a = x.1.2\n", "a = x.1e2\n", "a = x..y\n", "a = 1.\n", "a = .5\n", "a = 0x1\n", "a = 1e\n", "a = 01\n",
            "a = [for]\n", "a = { for = 1 }\n", "a = { for x in y : x => x }\n", "a = [for x in y : x => x]\n", "a = {a = 1 b = 2}\n", "a = {a = 1,,}\n", "a = [,]\n", "a = f(,)\n", "a = f(x..., y)\n", "a = f(x...,)\n", "a = x::y\n", "a = x ::y(1)\n", "a = x::\ny(1)\n", "a = f\n(1)\n", "a = (f\n(1))\n", "a = x\n.y\n", "a = (x\n.y)\n", "a = x ? y : z ? u : v\n", "a = x ? y\n: z\n", "a = { (x) = 1 }\n", "a = { x.y = 1 }\n", "a = { \"x${1}\" = 1 }\n", "a = !!x\n", "a = - - x\n", "a = --x\n", "a = x <<y\n", "a = x < <y\n", "a = x &&& y\n",
        ];
        var theirs = await HashiCorpsReader.ReadAsync(texts);
        var differing = texts.Zip(theirs).Where(pair => !Agree(pair.First, pair.Second)).Select(pair => Difference(pair.First, pair.Second)).ToList();
        Assert.True(differing.Count == 0, string.Join("\n\n", differing));
    }

    private static bool Agree(string text, JsonNode? theirs)
    {
        var ours = Reading.Of(text);
        return ours.Fault is null ? theirs is not null && JsonNode.DeepEquals(Comparable(HashiCorpsForm.Of(ours, text)), Comparable(theirs)) : theirs is null;
    }

    private static string Difference(string text, JsonNode? theirs)
    {
        var ours = Reading.Of(text);
        return $"{text}\n--- ours\n{ours.Fault?.ToString() ?? HashiCorpsForm.Of(ours, text).ToJsonString()}\n--- theirs\n{theirs?.ToJsonString() ?? "refused"}";
    }

    // Both as text again, so that numbers compare by value.
    private static JsonNode? Comparable(JsonNode node) => JsonNode.Parse(node.ToJsonString());

    private static string Broken(string text, Random random)
    {
        var broken = new StringBuilder(text);
        for (var changes = random.Next(1, 3); changes > 0 && broken.Length > 0; changes--)
        {
            var at = random.Next(broken.Length);
            switch (random.Next(3))
            {
                case 0:
                    broken.Remove(at, 1);
                    break;
                case 1:
                    broken.Insert(at, Marks[random.Next(Marks.Length)]);
                    break;
                default:
                    broken[at] = Marks[random.Next(Marks.Length)];
                    break;
            }
        }

        return broken.ToString();
    }
}
