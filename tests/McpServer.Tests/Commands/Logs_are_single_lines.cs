using McpInfra.Host.Commands;
using Microsoft.Extensions.Logging;
using Xunit;

namespace McpInfra.Host.Tests.Commands;

public sealed class Logs_are_single_lines
{
    [Fact]
    public void Whatever_the_message_holds()
    {
        Assert.Equal($"warn: Edge[0] one two three [31m{Environment.NewLine}", Log(log => log.LogWarning("one\ntwo\u2028three\u001b{Colour}", "[31m")));
    }

    [Fact]
    public void And_tell_what_failed_without_its_message()
    {
        var line = Log(log => log.LogError(new InvalidDataException("what was sent"), "It failed"));
        Assert.Equal($"fail: Edge[0] It failed {typeof(InvalidDataException)} {Environment.NewLine}", line);
    }

    [Fact]
    public void And_are_none_of_a_subscription_that_ended_with_its_client() =>
        Assert.Empty(Log(log => log.LogWarning(new OperationCanceledException(), "The handler failed"), "ModelContextProtocol.Server.McpServer"));

    private static string Log(Action<ILogger> write, string category = "Edge")
    {
        using var output = new StringWriter();
        write(new StandardErrorLogs.Lines(category, output));
        return output.ToString();
    }
}
