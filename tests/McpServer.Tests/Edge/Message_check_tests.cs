using System.Text;
using CsCheck;
using McpInfra.Host.Edge.Wire;
using Xunit;

namespace McpInfra.McpServer.Tests.Edge;

public sealed class The_message_check
{
    private static Unreadable? Check(string json) => MessageCheck.Check(Encoding.UTF8.GetBytes(json));

    private static string Nested(int levels) => $$"""{"jsonrpc":"2.0","id":7,"method":"m","params":{{new string('[', levels)}}{{new string(']', levels)}}}""";

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x","arguments":{"a":{"b":1},"c":{"b":2}}}}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/initialized"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":"a","result":{}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":"a","error":{"code":1,"message":"x"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"m","params":{"emoji":"\ud83d\ude00"}}""")]
    public void Lets_pass_what_is_a_message(string json) => Assert.Null(Check(json));

    [Theory]
    [InlineData("", -32700, null)]
    [InlineData("hello", -32700, null)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"m" """, -32700, "1")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"m"} {}""", -32700, "1")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":"\ud83d"}}""", -32700, "1")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"m","params":{"\udc00":1}}""", -32700, "1")]
    [InlineData("\"text\"", -32600, null)]
    [InlineData("42", -32600, null)]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"method":"m"}]""", -32600, null)]
    [InlineData("""{"id":1,"method":"m"}""", -32600, "1")]
    [InlineData("""{"jsonrpc":"1.0","id":1,"method":"m"}""", -32600, "1")]
    [InlineData("""{"jsonrpc":"2.0","id":null,"method":"m"}""", -32600, null)]
    [InlineData("""{"jsonrpc":"2.0","id":1.5,"method":"m"}""", -32600, null)]
    [InlineData("""{"jsonrpc":"2.0","id":{},"method":"m"}""", -32600, null)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":7}""", -32600, "1")]
    [InlineData("""{"jsonrpc":"2.0","id":1}""", -32600, "1")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"id":2,"method":"m"}""", -32600, null)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":1,"a":2}}""", -32600, "1")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":1,"\u0061":2}}""", -32600, "1")]
    [InlineData("""{"params":{"x":[{"a":1,"b":{"a":1},"a":2}]},"method":"m","jsonrpc":"2.0","id":"late"}""", -32600, "\"late\"")]
    public void Refuses_what_is_not_and_names_the_id_when_it_is_sure(string json, int code, string? id)
    {
        var fault = Check(json);
        Assert.Equal((code, id), (fault!.Code, fault.Id));
        Assert.Equal(code, System.Text.Json.JsonDocument.Parse(fault.Response).RootElement.GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public void Refuses_invalid_UTF8_and_a_raw_NUL()
    {
        Assert.Equal(Unreadable.Encoding with { Id = "1" }, MessageCheck.Check([.. """{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":" """u8, 0xC3, 0x28, .. "\"}}"u8]));
        Assert.Equal(-32700, MessageCheck.Check([.. """{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":" """u8, 0, .. "\"}}"u8])!.Code);
    }

    [Fact]
    public void Takes_63_levels_within_the_message_and_no_more()
    {
        Assert.Null(Check(Nested(63)));
        Assert.Equal(Unreadable.TooDeep with { Id = "7" }, Check(Nested(64)));
        Assert.Equal(Unreadable.TooDeep with { Id = "7" }, Check(Nested(200)));
    }

    [Fact]
    public void Refuses_more_bytes_than_it_takes_without_looking_at_them() =>
        Assert.Equal(Unreadable.TooLong, MessageCheck.Check(new byte[MessageCheck.MostBytes + 1]));

    [Fact]
    public void Finds_the_one_key_among_many_that_comes_twice()
    {
        string Object(int keys) => """{"jsonrpc":"2.0","id":1,"method":"m","params":{""" + string.Concat(Enumerable.Range(0, keys).Select(key => $"\"k{key}\":0,")) + "\"k5\":1}}";
        Assert.Equal(Unreadable.Duplicate with { Id = "1" }, Check(Object(10)));
        Assert.Equal(Unreadable.Duplicate with { Id = "1" }, Check(Object(100_000)));
        Assert.Null(Check(Object(5)));
    }

    [Fact]
    public void Is_bounded_on_any_bytes() => Gen.Byte.Array[0, 400].Sample(bytes => MessageCheck.Check(bytes) is not null || bytes.Length > 10);

    [Fact]
    public void Agrees_with_a_parser_that_keeps_every_key() =>
        Gen.Select(Gen.Int[0, 3].Select(index => new[] { "a", "b", "\\u0061", "c" }[index]).List[0, 6], Gen.Int[0, 3]).Sample((keys, depth) =>
        {
            var inner = "{" + string.Join(',', keys.Select(key => $"\"{key}\":1")) + "}";
            var wrapped = Enumerable.Range(0, depth).Aggregate(inner, (within, _) => $$"""{"a":{{within}},"b":[{{within}}]}""");
            var twice = keys.Select(key => key == "\\u0061" ? "a" : key).Distinct().Count() != keys.Count;
            return Check($$"""{"jsonrpc":"2.0","id":1,"method":"m","params":{{wrapped}}}""") is not null == twice;
        });
}
