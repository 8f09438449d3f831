using System.Text;
using McpInfra.TestKit;
using McpInfra.Tools.Plans;
using McpInfra.Tools.Plans.Engines.Terraform;
using McpInfra.Tools.Plans.Engines.Terraform.Providers;
using Xunit;

namespace McpInfra.Tools.Tests.Plans.Providers;

/// <summary>Packages of a file-system mirror: which one is taken, and that nothing runs whose hash is not the one that was pinned.</summary>
public sealed class Provider_packages : IDisposable
{
    private const string Program = "terraform-provider-null_v3.2.0";
    private static readonly ProviderAddress Null = ProviderAddress.Parse("hashicorp/null")!;

    private readonly A_mirror mirror = new();
    private readonly string cache = Directory.CreateTempSubdirectory("mcp-infra-cache-").FullName;

    [Fact]
    public async Task Have_the_hash_that_terraform_itself_locks()
    {
        Skip.UnlessFound("terraform");
        using var folder = new ScratchFolder();
        var config = folder.Mirror();
        var code = Path.Combine(folder.Path, "code");
        Directory.CreateDirectory(code);
        await File.WriteAllTextAsync(Path.Combine(code, "main.tf"), "provider \"aws\" {}\n", Stop);
        await Terraform.In(code).RunAsync(["init", "-input=false"], Stop);
        var locked = LockFile.Read(await File.ReadAllBytesAsync(Path.Combine(code, LockFile.FileName), Stop));

        using var providers = new ProviderPackages(new PackageCache(cache));
        using var packages = await providers.OfAsync(
            CliConfig.Read(config), [new RequiredProvider(ProviderAddress.Parse("hashicorp/aws")!, [])], locked, A_mirror.Platform, Stop);

        var package = Assert.Single(packages.Packages);
        Assert.Contains(package.Hash, Assert.Single(locked.Providers).Hashes);
        Assert.StartsWith("the lock file and the operator's", package.Voucher, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Are_the_newest_that_every_module_allows_when_no_lock_file_pins_them()
    {
        mirror.Unpacked("3.1.0");
        mirror.Unpacked("3.2.0");
        mirror.Unpacked("3.3.0-rc1");
        mirror.Packed("4.0.0", ("terraform-provider-null_v4.0.0", "packed"));

        using var packages = await OfAsync(constraints: ["~> 3.0", "!= 9.9.9"]);

        Assert.Equal("3.2.0", Assert.Single(packages.Packages).Version.ToString());
        Assert.EndsWith("no lock file pins it", packages.Packages[0].Voucher, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Are_those_of_the_lock_file_even_when_there_are_newer_ones()
    {
        var hash = PackageHash.OfFolder(mirror.Unpacked("3.1.0"));
        mirror.Unpacked("3.2.0");
        using var packages = await OfAsync(Lock("3.1.0", hash));
        Assert.Equal(("3.1.0", hash), (packages.Packages[0].Version.ToString(), packages.Packages[0].Hash));
    }

    [Fact]
    public async Task Are_refused_when_the_mirror_holds_another_than_the_lock_file_pins()
    {
        var folder = mirror.Unpacked("3.2.0");
        var pinned = Lock("3.2.0", PackageHash.OfFolder(folder));
        using (await OfAsync(pinned))
        {
            await File.WriteAllTextAsync(Path.Combine(folder, Program), "b program", Stop); // As long as before.
        }

        var refused = await Assert.ThrowsAsync<EngineException>(() => OfAsync(pinned));
        Assert.Contains("is not the one that the stack's .terraform.lock.hcl pins", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Are_recognised_by_the_hash_of_their_archive()
    {
        var archive = mirror.Packed("3.2.0", (Program, "packed"));
        await using var stream = File.OpenRead(archive);
        using var packages = await OfAsync(Lock("3.2.0", PackageHash.OfArchive(stream)));
        Assert.Equal("packed", await File.ReadAllTextAsync(Path.Combine(packages.Packages[0].Folder, Program), Stop));
        Assert.StartsWith(cache, packages.Packages[0].Folder, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Are_copied_when_others_may_write_the_mirror()
    {
        var folder = mirror.Unpacked("3.2.0");
        if (!OperatingSystem.IsWindows()) // Where there are no such modes, everything is copied.
        {
            File.SetUnixFileMode(Path.Combine(folder, Program), (UnixFileMode)0b110_110_110);
        }

        using var packages = await OfAsync();
        await File.WriteAllTextAsync(Path.Combine(folder, Program), "somebody else's", Stop);
        Assert.Equal("a program", await File.ReadAllTextAsync(Path.Combine(packages.Packages[0].Folder, Program), Stop));
    }

    [Theory]
    [InlineData("../../out")]
    [InlineData("a/../../out")]
    [InlineData("/out")]
    [InlineData("a\\out")]
    public async Task Are_refused_when_a_name_in_the_archive_leaves_its_folder(string name)
    {
        mirror.Packed("3.2.0", (name, "x"));
        await Assert.ThrowsAsync<EngineException>(() => OfAsync());
        Assert.Empty(Directory.EnumerateFiles(cache, "out", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Are_refused_when_they_hold_a_link()
    {
        var folder = mirror.Unpacked("3.2.0");
        File.CreateSymbolicLink(Path.Combine(folder, "LICENSE"), "/etc/shadow");
        Assert.Contains("holds a link", (await Assert.ThrowsAsync<EngineException>(() => OfAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Are_made_again_when_the_cache_was_changed()
    {
        mirror.Packed("3.2.0", (Program, "packed"));
        string folder;
        using (var packages = await OfAsync())
        {
            folder = packages.Packages[0].Folder;
        }

        var program = Path.Combine(folder, Program);
        File.Delete(program);
        await File.WriteAllTextAsync(program, "evil!!", Stop);
        using var again = await OfAsync();
        Assert.Equal("packed", await File.ReadAllTextAsync(Path.Combine(again.Packages[0].Folder, Program), Stop));
    }

    [Fact]
    public async Task Leave_the_cache_when_it_is_full_but_not_while_a_run_holds_them()
    {
        mirror.Packed("3.0.0", ("p", new string('a', 600)));
        mirror.Packed("3.1.0", ("p", new string('b', 600)));
        mirror.Packed("3.2.0", ("p", new string('c', 600)));
        using var held = await OfAsync(Lock("3.0.0"), most: 1000);
        string second;
        using (var let = await OfAsync(Lock("3.1.0"), most: 1000))
        {
            second = let.Packages[0].Folder;
        }

        using var third = await OfAsync(Lock("3.2.0"), most: 1000);

        Assert.Equal((true, false, true), (Directory.Exists(held.Packages[0].Folder), Directory.Exists(second), Directory.Exists(third.Packages[0].Folder)));
    }

    [Fact]
    public async Task Say_what_mends_it_when_there_is_none() =>
        Assert.Contains("terraform providers mirror", (await Assert.ThrowsAsync<EngineException>(() => OfAsync())).Message, StringComparison.Ordinal);

    public void Dispose()
    {
        mirror.Dispose();
        Directory.Delete(cache, recursive: true);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static LockFile Lock(string version, params IReadOnlyList<string> hashes) => LockFile.Read(Encoding.UTF8.GetBytes(
        $"provider \"registry.terraform.io/hashicorp/null\" {{\n  version = \"{version}\"\n  hashes = [{string.Join(", ", hashes.Select(hash => $"\"{hash}\""))}]\n}}\n"));

    private async Task<PackageSet> OfAsync(LockFile? locked = null, IReadOnlyList<string>? constraints = null, long most = 1L << 30)
    {
        using var packages = new ProviderPackages(new PackageCache(cache, most));
        return await packages.OfAsync(
            CliConfig.Parse(Encoding.UTF8.GetBytes($"provider_installation {{\n  filesystem_mirror {{\n    path = \"{mirror.Folder}\"\n  }}\n}}\n")),
            [new RequiredProvider(Null, [.. (constraints ?? []).Select(text => VersionConstraints.Parse(text)!)])],
            locked,
            A_mirror.Platform,
            Stop);
    }
}
