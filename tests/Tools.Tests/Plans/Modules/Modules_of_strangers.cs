using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using McpInfra.Guardrails.Credentials;
using McpInfra.Tools.Git;
using McpInfra.Tools.Plans;
using McpInfra.Tools.Plans.Engines.Terraform;
using McpInfra.Tools.Plans.Engines.Terraform.Modules;
using McpInfra.Tools.Plans.Engines.Terraform.Rules;
using McpInfra.Tools.Tests.Git;
using Xunit;

namespace McpInfra.Tools.Tests.Plans.Modules;

/// <summary>Registries, archives, redirects and git servers that are not what they should be; and logins, which go to their own host alone.</summary>
public sealed class Modules_of_strangers : IDisposable
{
    private const string Code = "resource \"terraform_data\" \"packed\" {\n  input = 1\n}\n";
    private const string Canary = "canary-4d1f0c9be2";

    private readonly ScratchRepository repository = new(("main.tf", Code), ("modules/a/main.tf", Code));
    private readonly GitServer web = new();
    private readonly string commit;

    public Modules_of_strangers()
    {
        commit = repository.Run("rev-parse", "HEAD").Trim();
        web.Repositories["https://git.test/acme/mod.git"] = repository.Root + "/.git";
    }

    [Fact]
    public async Task Are_fetched_by_git_that_never_reaches_the_network_itself()
    {
        // The name resolves nowhere: only what stands in for the network knows it.
        var answer = await PlanAsync(Call($"git::https://git.test/acme/mod.git//modules/a?ref={commit}"), "git::https://git.test/*");
        Assert.False(answer.IsFault, answer.Text());
        Assert.Contains("module.m.terraform_data.packed", answer.Text(), StringComparison.Ordinal);
        Assert.All(web.Asked, url => Assert.StartsWith("https://git.test/acme/mod.git/", url.AbsoluteUri, StringComparison.Ordinal));
        Assert.Empty(web.Logins);
    }

    [Fact]
    public async Task Of_a_private_repository_are_fetched_with_a_login_that_its_host_alone_sees()
    {
        var login = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("x-access-token:" + Canary));
        web.Wants = login;
        var answer = await PlanAsync(Call($"git::https://git.test/acme/mod.git?ref={commit}"), "git::https://git.test/*");
        Assert.True(answer.IsFault);
        Assert.Contains("wants a login", answer.Text(), StringComparison.Ordinal);

        using var site = await SiteAsync(Call("git::https://git.test/acme/mod.git"), ["git::https://git.test/*"], new ModuleHost("git.test", "UNUSED"));
        site.Credentials.Known["git.test"] = new Credential(Canary, null);
        answer = await site.PlanAsync();
        Assert.False(answer.IsFault, answer.Text());
        Assert.DoesNotContain(Canary, answer.Text(), StringComparison.Ordinal);
        Assert.Contains((CredentialIntent.ReadModules, "git.test"), site.Credentials.Asked);
        Assert.All(web.Logins, one => Assert.Equal(("git.test", login), one));
        Assert.DoesNotContain(Directory.EnumerateFiles(site.Scratch.Folder, "*", SearchOption.AllDirectories), file => File.ReadAllText(file).Contains(Canary, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(301, "redirects elsewhere")]
    [InlineData(500, "answers with status 500")]
    [InlineData(404, "is not there")]
    public async Task Of_a_git_server_that_answers_otherwise_are_refused_and_say_why(int status, string said)
    {
        web["https://git.test/acme/mod.git/info/refs?service=git-upload-pack"] = _ => new HttpResponseMessage((HttpStatusCode)status) { Headers = { Location = new Uri("https://elsewhere.test/") } };
        var answer = await PlanAsync(Call($"git::https://git.test/acme/mod.git?ref={commit}"), "git::https://git.test/*");
        Assert.True(answer.IsFault);
        Assert.Contains(said, answer.Text(), StringComparison.Ordinal);
        Assert.DoesNotContain(web.Asked, url => url.Host == "elsewhere.test");
    }

    [Theory]
    [InlineData("git::file:///etc", "not on the list")]
    [InlineData("git::https://elsewhere.test/mod.git", "not on the list")]
    [InlineData("https://elsewhere.test/mod.zip", "not on the list")]
    [InlineData("git::ssh://git@git.test/acme/mod.git", "something else than git or an archive")]
    [InlineData("git::http://modules.test/acme/mod.git", "something else than git or an archive")]
    [InlineData("git::https://user:pass@modules.test/mod.git", "something else than git or an archive")]
    [InlineData("s3::https://s3.amazonaws.com/b/mod.zip", "something else than git or an archive")]
    [InlineData("other/module/none", "something else than git or an archive")]
    [InlineData("/etc/passwd", "something else than git or an archive")]
    [InlineData("../../../../../../etc/passwd", "something else than git or an archive")]
    [InlineData("https://modules.test@elsewhere.test/mod.zip", "something else than git or an archive")]
    [InlineData("https://modules.test:8443/mod.zip", "not on the list")]
    public async Task That_a_registry_hands_out_from_another_place_are_not_asked_for(string location, string said)
    {
        Registry(location);
        var answer = await PlanAsync(OfRegistry, "modules.test/acme/*");
        Assert.True(answer.IsFault);
        Assert.Contains(said, answer.Text(), StringComparison.Ordinal);
        Assert.All(web.Asked, url => Assert.Equal("https://modules.test", url.GetLeftPart(UriPartial.Authority)));
    }

    [Fact]
    public async Task That_a_registry_hands_out_from_its_own_host_or_from_a_listed_place_are_fetched()
    {
        Registry("/files/mod.tgz?archive=tar.gz");
        Serve("https://modules.test/files/mod.tgz", Tar(("main.tf", Code)));
        var own = await PlanAsync(OfRegistry, "modules.test/acme/*");
        Assert.False(own.IsFault, own.Text());

        Registry($"git::https://git.test/acme/mod.git?ref={commit}");
        var listed = await PlanAsync(OfRegistry, "modules.test/acme/*", "git::https://git.test/*");
        Assert.False(listed.IsFault, listed.Text());
    }

    [Theory]
    [InlineData("https://files.test/mod.zip")]
    [InlineData("git::https://git.test/acme/mod.git?ref=")]
    public async Task Of_a_private_registry_are_fetched_with_a_login_that_never_goes_where_it_leads(string location)
    {
        Serve("https://files.test/mod.zip", Zip(("main.tf", Code)));
        Registry(location.EndsWith('=') ? location + commit : location);
        using var site = await SiteAsync(OfRegistry, ["modules.test/acme/*", "https://files.test/*", "git::https://git.test/*"], new ModuleHost("modules.test", "UNUSED"));
        site.Credentials.Known["modules.test"] = new Credential(Canary, null);
        var answer = await site.PlanAsync();
        Assert.False(answer.IsFault, answer.Text());
        Assert.Equal(("modules.test", "Bearer " + Canary), Assert.Single(web.Logins.Distinct()));
        Assert.True(web.Logins.Count >= 3, "the registry is asked for its services, versions and place as who we are");
        Assert.Contains(web.Asked, url => url.Host != "modules.test");
        Assert.DoesNotContain(Canary, answer.Text() + string.Join('\n', site.Trail.Records), StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.EnumerateFiles(site.Scratch.Folder, "*", SearchOption.AllDirectories), file => File.ReadAllText(file).Contains(Canary, StringComparison.Ordinal));
    }

    [Fact]
    public async Task That_lie_in_the_only_folder_of_an_archive_are_found_there()
    {
        Serve("https://modules.test/tarball?signature=a%2Fb", Tar(("acme-mod-0123/main.tf", Code)));
        Registry("https://modules.test/tarball//*?archive=tar.gz&signature=a%2Fb");
        var answer = await PlanAsync(OfRegistry, "modules.test/acme/*");
        Assert.False(answer.IsFault, answer.Text());
        Assert.Contains("module.m.terraform_data.packed", answer.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_registry_with_services_elsewhere_are_not_asked_for_there()
    {
        web["https://modules.test/.well-known/terraform.json"] = _ => Json(new Dictionary<string, string> { ["modules.v1"] = "https://169.254.169.254/latest/" });
        var answer = await PlanAsync(OfRegistry, "modules.test/acme/*");
        Assert.True(answer.IsFault);
        Assert.Single(web.Asked);
    }

    [Theory]
    [InlineData("https://elsewhere.test/mod.zip")]
    [InlineData("http://files.test/mod.zip")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://files.test:8443/mod.zip")]
    [InlineData("https://x:y@files.test/mod2.zip")]
    public async Task That_redirect_to_another_place_are_not_followed(string to)
    {
        web["https://files.test/mod.zip"] = _ => new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri(to) } };
        var answer = await PlanAsync(Call("https://files.test/mod.zip"), "https://files.test/*");
        Assert.True(answer.IsFault);
        Assert.Single(web.Asked);
    }

    [Fact]
    public async Task That_redirect_to_a_listed_host_are_followed_without_the_first_hosts_login()
    {
        web["https://files.test/mod.zip"] = _ => new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri("https://store.test/x/mod.zip") } };
        Serve("https://store.test/x/mod.zip", Zip(("main.tf", Code)));
        using var site = await SiteAsync(Call("https://files.test/mod.zip"), ["https://files.test/*", "https://store.test/x/*"], new ModuleHost("files.test", "UNUSED"));
        site.Credentials.Known["files.test"] = new Credential(Canary, null);
        var answer = await site.PlanAsync();
        Assert.False(answer.IsFault, answer.Text());
        Assert.Contains("the module's archive can be replaced by other code", answer.Text(), StringComparison.Ordinal);
        Assert.All(web.Logins, one => Assert.Equal(("files.test", "Bearer " + Canary), one));
        Assert.NotEmpty(web.Logins);
    }

    [Fact]
    public async Task That_name_their_hash_are_held_to_it_and_void_no_plan_without_being_asked_for()
    {
        var zip = Zip(("main.tf", Code));
        var hash = Convert.ToHexStringLower(SHA256.HashData(zip));
        Serve("https://files.test/mod.zip", zip);
        using var site = await SiteAsync(Call($"https://files.test/mod.zip?checksum=sha256:{hash}"), ["https://files.test/*"]);
        var plan = await site.PlannedAsync();
        Assert.Empty(plan.Warnings);

        Serve("https://files.test/mod.zip", Zip(("main.tf", Code + "# other\n")));
        Assert.Empty(await site.Store.MovedAsync(plan, Calls.Caller(), TestContext.Current.CancellationToken));

        var other = await PlanAsync(Call($"https://files.test/mod.zip?checksum=sha256:{hash}"), "https://files.test/*");
        Assert.Contains("is not the archive that its checksum says", other.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_name_no_hash_void_the_plan_once_they_are_other_code()
    {
        Serve("https://files.test/mod.tar.gz", Tar(("main.tf", Code)));
        using var site = await SiteAsync(Call("https://files.test/mod.tar.gz"), ["https://files.test/*"]);
        var plan = await site.PlannedAsync();
        Serve("https://files.test/mod.tar.gz", Tar(("main.tf", Code + "# other\n")));
        Assert.Equal(["a module that it fetches is other code now"], await site.Store.MovedAsync(plan, Calls.Caller(), TestContext.Current.CancellationToken));
    }

    public static TheoryData<string, string> Hostile => new()
    {
        { "zip slip", "a path that leads out of it" }, { "zip absolute", "a path that leads out of it" }, { "zip backslash", "a path that leads out of it" }, { "zip of git", "a path that leads out of it" },
        { "zip device", "a device" }, { "zip twice", "the same file twice" }, { "zip file and folder", "a file that is a folder too" }, { "zip many", "more than 10000 files" }, { "zip bomb", "more than 64 MB" },
        { "tar slip", "a path that leads out of it" }, { "tar hard link", "a hard link or a device" }, { "tar device", "a hard link or a device" }, { "tar bomb", "more than 64 MB" },
        { "garbage", "no archive that can be read" }, { "nothing", "no archive that can be read" }, { "cut zip", "no archive that can be read" }, { "cut tar", "no archive that can be read" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void In_hostile_archives_are_refused(string kind, string said)
    {
        var bytes = kind switch
        {
            "zip slip" => Zip(("../../evil.tf", Code)),
            "zip absolute" => Zip(("/etc/evil.tf", Code)),
            "zip backslash" => Zip(("..\\evil.tf", Code)),
            "zip of git" => Zip((".git/hooks/post-checkout", Code)),
            "zip device" => Zip(0x2000 << 16, ("x", "")),
            "zip twice" => Zip(("a.tf", Code), ("a.tf", "")),
            "zip file and folder" => Zip(("a", Code), ("a/b.tf", "")),
            "zip many" => Zip([.. Enumerable.Range(0, 10_001).Select(index => ($"{index}", ""))]),
            "zip bomb" => Zip(("bomb", new string('0', 65 << 20))),
            "tar slip" => Tar(("../evil.tf", Code)),
            "tar hard link" => Tar(new PaxTarEntry(TarEntryType.HardLink, "x") { LinkName = "/etc/passwd" }),
            "tar device" => Tar(new PaxTarEntry(TarEntryType.CharacterDevice, "x")),
            "tar bomb" => Tar(("bomb", new string('0', 65 << 20))),
            "garbage" => RandomNumberGenerator.GetBytes(5000),
            "nothing" => [],
            "cut zip" => Zip(("a.tf", Code))[..60],
            _ => Tar(("a.tf", new string('x', 5000)))[..40],
        };
        var refused = Assert.Throws<EngineException>(() => ModuleArchive.Read(bytes, isZip: kind.Contains("zip", StringComparison.Ordinal) || kind == "garbage", "https://files.test/mod"));
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void In_archives_keep_links_as_links_that_nobody_follows()
    {
        var tar = ModuleArchive.Read(Tar(new PaxTarEntry(TarEntryType.SymbolicLink, "state") { LinkName = "/etc/passwd" }), isZip: false, "x");
        Assert.Equal(TreeFileKind.Link, Assert.Single(tar.Files).Kind);
        var zip = ModuleArchive.Read(Zip(0xA1FF << 16, ("link", "/etc/passwd")), isZip: true, "x");
        Assert.Equal(TreeFileKind.Link, Assert.Single(zip.Files).Kind);
    }

    [Fact]
    public async Task In_archives_are_read_by_the_rules_before_anything_runs()
    {
        Serve("https://files.test/mod.zip", Zip(("main.tf", "resource \"terraform_data\" \"x\" {\n  provisioner \"local-exec\" {\n    command = \"id\"\n  }\n}\n")));
        var answer = await PlanAsync(Call("https://files.test/mod.zip"), "https://files.test/*");
        Assert.True(answer.IsFault);
        Assert.Contains("provisioner", answer.Text(), StringComparison.Ordinal);
    }

    public void Dispose() => repository.Dispose();

    private const string OfRegistry = "module \"m\" {\n  source  = \"modules.test/acme/bucket/none\"\n  version = \"1.2.0\"\n}\n";

    private static string Call(string source) => $"module \"m\" {{\n  source = \"{source}\"\n}}\n";

    private Task<Site> SiteAsync(string code, string[] allowed, params ModuleHost[] hosts) =>
        Site.OpenAsync(new StackSettings("."), new EngineSettings { Allowed = new AllowedCode { Modules = allowed }, Hosts = hosts }, web, ("main.tf", code));

    private async Task<Guardrails.Answer> PlanAsync(string code, params string[] allowed)
    {
        using var site = await SiteAsync(code, allowed);
        return await site.PlanAsync();
    }

    private void Registry(string location)
    {
        web["https://modules.test/.well-known/terraform.json"] = _ => Json(new Dictionary<string, string> { ["modules.v1"] = "/v1/modules/" });
        web["https://modules.test/v1/modules/acme/bucket/none/versions"] = _ => Json(new { modules = new[] { new { versions = new[] { new { version = "1.2.0" } } } } });
        web["https://modules.test/v1/modules/acme/bucket/none/1.2.0/download"] = _ => new HttpResponseMessage(HttpStatusCode.NoContent) { Headers = { { "X-Terraform-Get", location } } };
    }

    private void Serve(string url, byte[] bytes) => web[url] = _ => new HttpResponseMessage { Content = new ByteArrayContent(bytes) };

    private static HttpResponseMessage Json(object body) => new() { Content = JsonContent.Create(body) };

    private static byte[] Zip(params IReadOnlyList<(string Name, string Text)> files) => Zip(0, files);

    private static byte[] Zip(int attributes, params IReadOnlyList<(string Name, string Text)> files)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in files)
            {
                var entry = zip.CreateEntry(name);
                entry.ExternalAttributes = attributes;
                using var content = entry.Open();
                content.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return stream.ToArray();
    }

    private static byte[] Tar(params IReadOnlyList<(string Name, string Text)> files) => Tar([.. files.Select(file => new PaxTarEntry(TarEntryType.RegularFile, file.Name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(file.Text)) })]);

    private static byte[] Tar(params PaxTarEntry[] entries)
    {
        using var stream = new MemoryStream();
        using (var packed = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(packed))
        {
            foreach (var entry in entries)
            {
                tar.WriteEntry(entry);
            }
        }

        return stream.ToArray();
    }
}
