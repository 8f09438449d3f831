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

    private static string Log(Action<ILogger> write)
    {
        using var output = new StringWriter();
        write(new StandardErrorLogs.Lines("Edge", output));
        return output.ToString();
    }
}
