using System.Text;
using McpInfra.Tools.Plans.Engines.Terraform;
using McpInfra.Tools.Plans.Engines.Terraform.Providers;
using Org.BouncyCastle.Bcpg;
using Xunit;

namespace McpInfra.Tools.Tests.Plans.Providers;

/// <summary>Providers of registries and network mirrors: only what was signed or what the operator's mirror names, and only over https.</summary>
public sealed class Providers_from_afar : IDisposable
{
    private const string Host = "registry.acme.dev";
    private static readonly PgpKey Maker = new();

    private readonly A_registry registry = new();
    private readonly string cache = Directory.CreateTempSubdirectory("mcp-infra-cache-").FullName;

    [Fact]
    public async Task Come_from_their_registry_when_its_checksums_are_signed_and_the_second_time_from_the_cache()
    {
        registry.Publish(Host, Maker, Maker);
        using (var packages = await OfAsync())
        {
            Assert.Equal("the real one", await File.ReadAllTextAsync(Path.Combine(packages.Packages[0].Folder, "terraform-provider-thing_v1.0.0"), Stop));
            Assert.Contains($"signed by {Maker.Fingerprint[^16..]}", packages.Packages[0].Voucher, StringComparison.Ordinal);
        }

        registry.Asked.Clear();
        using var again = await OfAsync(locked: Lock($"zh:{registry.Sum}"));
        Assert.Empty(registry.Asked);
        Assert.StartsWith("the lock file and checksums signed by", again.Packages[0].Voucher, StringComparison.Ordinal);
    }

    [Fact]
    public Task Are_refused_when_another_key_signed() => RefusedAsync("not signed by a key", () => registry.Publish(Host, new PgpKey(), Maker));

    [Fact]
    public Task Are_refused_when_the_checksums_were_changed_after_they_were_signed() => RefusedAsync("not signed by a key", () =>
    {
        registry.Publish(Host, Maker, Maker);
        registry.Put($"https://files.{Host}/sums", Encoding.UTF8.GetBytes($"{registry.Sum}  terraform-provider-thing_1.0.0_linux_amd64.zip\n"));
    });

    [Fact]
    public Task Are_refused_when_the_signature_rests_on_a_weak_hash() => RefusedAsync("not signed by a key", () =>
    {
        registry.Publish(Host, Maker, Maker);
        var sums = Encoding.UTF8.GetBytes($"{registry.Sum}  terraform-provider-thing_1.0.0_linux_amd64.zip\n");
        registry.Put($"https://files.{Host}/sums", sums);
        registry.Put($"https://files.{Host}/sums.sig", Maker.Sign(sums, HashAlgorithmTag.Sha1));
    });

    [Fact]
    public Task Are_refused_when_the_package_is_not_the_signed_one() => RefusedAsync("is not the one", () =>
    {
        registry.Publish(Host, Maker, Maker);
        registry.Put($"https://files.{Host}/terraform-provider-thing_1.0.0_linux_amd64.zip", A_mirror.Zip(("terraform-provider-thing_v1.0.0", "evil")));
    });

    [Fact]
    public Task Are_refused_when_the_lock_file_pins_another() => RefusedAsync("is not the one that the stack's", () => registry.Publish(Host, Maker, Maker), Lock("h1:AAAA"));

    [Fact]
    public async Task Of_HashiCorp_are_refused_when_the_public_registry_names_another_key_than_HashiCorps()
    {
        registry.Publish(ProviderAddress.DefaultHost, Maker, Maker, "hashicorp");
        var refused = await Assert.ThrowsAsync<EngineException>(() => OfAsync("hashicorp/thing"));
        Assert.Contains("another key than HashiCorp's", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://files.acme.dev/p.zip")]
    [InlineData("https://169.254.169.254/latest")]
    [InlineData("https://[fd00:ec2::254]/")]
    [InlineData("file:///etc/shadow")]
    [InlineData("https://user:secret@files.acme.dev/p.zip")]
    public Task Are_refused_when_a_redirect_leads(string to) => RefusedAsync("leads away from https or to a forbidden address", () =>
    {
        registry.Publish(Host, Maker, Maker);
        registry.Redirect($"https://files.{Host}/terraform-provider-thing_1.0.0_linux_amd64.zip", to);
    });

    [Fact]
    public Task Are_refused_when_redirects_do_not_end() => RefusedAsync("redirects too often", () =>
    {
        registry.Publish(Host, Maker, Maker);
        registry.Redirect($"https://files.{Host}/sums", $"https://files.{Host}/sums");
    });

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"providers.v1\":7}")]
    [InlineData("{\"providers.v1\":\"http://plain/\"}")]
    public Task Are_refused_when_the_registry_is_none(string discovery) => RefusedAsync("", () =>
    {
        registry.Publish(Host, Maker, Maker);
        registry.Put($"https://{Host}/.well-known/terraform.json", Encoding.UTF8.GetBytes(discovery));
    });

    [Fact]
    public async Task Come_from_the_operators_network_mirror_with_the_hash_that_it_names()
    {
        Mirror($"zh:{registry.Sum}");
        using var packages = await OfAsync(config: "network_mirror {\n    url = \"https://mirror.acme.dev/p\"\n  }");
        Assert.StartsWith("the operator's network mirror", packages.Packages[0].Voucher, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Are_refused_when_the_network_mirror_sends_another_than_it_names()
    {
        Mirror("zh:" + new string('1', 64));
        await Assert.ThrowsAsync<EngineException>(() => OfAsync(config: "network_mirror {\n    url = \"https://mirror.acme.dev/p\"\n  }"));
    }

    public void Dispose()
    {
        registry.Dispose();
        Directory.Delete(cache, recursive: true);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static LockFile Lock(string hash) => LockFile.Read(Encoding.UTF8.GetBytes($"provider \"{Host}/acme/thing\" {{\n  version = \"1.0.0\"\n  hashes = [\"{hash}\"]\n}}\n"));

    private async Task RefusedAsync(string words, Action publish, LockFile? locked = null)
    {
        publish();
        var refused = await Assert.ThrowsAsync<EngineException>(() => OfAsync(locked: locked));
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    private void Mirror(string hash)
    {
        registry.Put($"https://mirror.acme.dev/p/{Host}/acme/thing/index.json", """{"versions":{"1.0.0":{}}}"""u8.ToArray());
        registry.Put($"https://mirror.acme.dev/p/{Host}/acme/thing/1.0.0.json", Encoding.UTF8.GetBytes("""{"archives":{"linux_amd64":{"url":"a.zip","hashes":["HASH"]}}}""".Replace("HASH", hash, StringComparison.Ordinal)));
        registry.Put($"https://mirror.acme.dev/p/{Host}/acme/thing/a.zip", registry.Package);
    }

    private async Task<PackageSet> OfAsync(string source = Host + "/acme/thing", string config = "direct {\n  }", LockFile? locked = null)
    {
        using var packages = new ProviderPackages(new PackageCache(cache), registry);
        return await packages.OfAsync(
            CliConfig.Parse(Encoding.UTF8.GetBytes($"provider_installation {{\n  {config}\n}}\n")), [new RequiredProvider(ProviderAddress.Parse(source)!, [])], locked, A_mirror.Platform, Stop);
    }
}
