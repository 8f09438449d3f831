using System.Text;
using System.Text.Json;
using McpInfra.Host.Edge.Stdio;
using ModelContextProtocol.Protocol;
using Xunit;

namespace McpInfra.McpServer.Tests.Edge;

public sealed class Lines_written_at_once
{
    private static JsonRpcRequest Message(int number) => new() { Id = new RequestId(number), Method = new string('m', number % 7 * 5000) };

    [Fact]
    public async Task Are_whole_and_each_there_once_it_is_said_to_be_written()
    {
        using var slow = new Slow();
        var writer = new LineWriter(slow);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(number => Task.Run(async () =>
        {
            await writer.WriteAsync(Message(number));
            Assert.Contains(FormattableString.Invariant($"\"id\":{number},"), slow.Written, StringComparison.Ordinal);
        })));
        var lines = slow.Written.Split('\n');
        Assert.Equal("", lines[^1]);
        Assert.Equal(Enumerable.Range(0, 200), lines[..^1].Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetInt32()).Order());
        Assert.True(slow.Writes < 200);
    }

    [Fact]
    public async Task That_nobody_reads_fail_all_who_wait()
    {
        using var slow = new Slow { IsBroken = true };
        var writer = new LineWriter(slow);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Task.Run(() => Assert.ThrowsAsync<IOException>(() => writer.WriteAsync(Message(number))))));
        slow.IsBroken = false;
        await writer.WriteAsync(Message(1));
        Assert.Contains("\"id\":1,", slow.Written, StringComparison.Ordinal);
    }

    /// <summary>Lets others run before each write ends.</summary>
    private sealed class Slow : MemoryStream
    {
        private readonly StringBuilder written = new();

        public bool IsBroken { get; set; }

        public int Writes { get; private set; }

        public string Written
        {
            get
            {
                lock (written)
                {
                    return written.ToString();
                }
            }
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            for (var turn = 0; turn < 20; turn++)
            {
                await Task.Yield();
            }

            if (IsBroken)
            {
                throw new IOException("broken");
            }

            lock (written)
            {
                Writes++;
                written.Append(Encoding.UTF8.GetString(buffer.Span));
            }
        }
    }
}
