using System.Text;
using McpInfra.Tools.Sandbox;
using Xunit;

namespace McpInfra.Tools.Tests.Sandbox;

/// <summary>What still holds when the operator allows running without a cage.</summary>
public sealed class An_uncaged_run
{
    [Fact]
    public async Task Has_no_environment_of_the_servers_and_leaves_no_file()
    {
        Environment.SetEnvironmentVariable("CANARY_SECRET", "canary");
        string work;
        await using (var cage = await new Uncaged(OwnProgram.Locate()).OpenAsync(new SandboxRequest { Environment = new Dictionary<string, string> { ["WORK"] = "{work}" } }, Needs.Stop))
        {
            await cage.WriteAsync("a.txt", "x"u8.ToArray(), Needs.Stop);
            var result = await cage.RunAsync(new Step { Arguments = [TestKit.Skip.UnlessFound("env")] }, Needs.Stop);
            var lines = Encoding.UTF8.GetString(result.Output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(["HOME", "TMPDIR", "WORK"], lines.Select(line => line.Split('=')[0]).Order());
            work = lines.Single(line => line.StartsWith("WORK=", StringComparison.Ordinal))[5..];
            Assert.True(File.Exists(Path.Combine(work, "a.txt")));
        }

        Assert.False(Directory.Exists(work));
    }
}
