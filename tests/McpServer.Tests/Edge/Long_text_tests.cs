using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using McpInfra.Host.Edge.Stdio;
using ModelContextProtocol.Protocol;
using Xunit;

namespace McpInfra.McpServer.Tests.Edge;

public sealed class A_long_text
{
    private static readonly Gen<string> Texts = Gen.OneOf(Gen.Char['\0', '\uD7FF'], Gen.Char["\"\\\n\r\t\u0001\u007f<&+é字"]).Array[0, 200].Select(letters => string.Concat(letters) + "😀");

    [Fact]
    public async Task Reads_back_as_it_was_written() => await Texts.SampleAsync(async text =>
    {
        using var written = new MemoryStream();
        var block = new JsonObject { ["type"] = "text", ["text"] = text };
        await new LineWriter(written).WriteAsync(new JsonRpcResponse { Id = new RequestId(7), Result = new JsonObject { ["content"] = new JsonArray(block) } });

        var line = Encoding.UTF8.GetString(written.ToArray());
        Assert.Equal(line.Length - 1, line.IndexOfAny(['\n', '\r']));
        Assert.Equal(text, JsonNode.Parse(line)!["result"]!["content"]![0]!["text"]!.GetValue<string>());
    }, iter: 200);
}
