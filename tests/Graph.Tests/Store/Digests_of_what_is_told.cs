using McpInfra.Graph.Scan;
using Xunit;

namespace McpInfra.Graph.Tests.Store;

public sealed class Digests_of_what_is_told
{
    [Fact]
    public async Task Stay_what_they_are_while_a_batch_is_stored()
    {
        var (digests, alone) = (new Digests(7, "aws"), new Digests(7, "aws"));
        using var stop = new CancellationTokenSource();
        var storing = Task.Run(() =>
        {
            var same = true;
            while (!stop.IsCancellationRequested)
            {
                same &= digests.Common == alone.Common;
            }

            return same;
        });
        for (var number = 0; number < 200_000; number++)
        {
            var key = $"arn:aws:ec2:us-east-1:123456789012:vpc/vpc-{number}";
            Assert.Equal(alone.OfKey(key), digests.OfKey(key));
        }

        await stop.CancelAsync();
        Assert.True(await storing);
    }
}
