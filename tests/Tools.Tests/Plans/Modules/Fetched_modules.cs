using System.Net;
using System.Net.Http.Json;
using McpInfra.Guardrails;
using McpInfra.Tools.Git;
using McpInfra.Tools.Plans;
using McpInfra.Tools.Plans.Engines.Terraform.Modules;
using McpInfra.Tools.Plans.Engines.Terraform.Rules;
using McpInfra.Tools.Tests.Git;
using Xunit;

namespace McpInfra.Tools.Tests.Plans.Modules;

/// <summary>Modules of git and registries under the real terraform: fetched by us at a commit, read by the rules, and never by the engine itself.</summary>
public sealed class Fetched_modules : IDisposable
{
    private const string Bucket = "variable \"name\" {\n  default = \"plain\"\n}\nresource \"terraform_data\" \"bucket\" {\n  input = \"${var.name} ${file(\"${path.module}/note.txt\")}\"\n}\n";

    private readonly ScratchRepository module = new(
        ("main.tf", "module \"inner\" {\n  source = \"./modules/bucket\"\n  name = \"inner\"\n}\n"), ("modules/bucket/main.tf", Bucket), ("modules/bucket/note.txt", "hello"));

    private readonly string commit;

    public Fetched_modules()
    {
        commit = module.Run("rev-parse", "HEAD").Trim();
        module.Run("tag", "-a", "v1.2.0", "-m", "release");
    }

    private string Url => $"git::file://{module.Root}/.git";

    [Fact]
    public async Task Are_planned_at_a_commit_from_any_folder_of_their_repository()
    {
        using var site = await Site.OpenAsync(new StackSettings("."), Allowing("git::file:///*"),
            ("main.tf", $"{Call("whole", $"{Url}?ref={commit}")}{Call("part", $"{Url}//modules/bucket?ref={commit}")}"));
        var answer = await site.PlanAsync();
        Assert.False(answer.IsFault, answer.Text());
        Assert.Contains("module.whole.module.inner.terraform_data.bucket", answer.Text(), StringComparison.Ordinal);
        Assert.Contains("module.part.terraform_data.bucket", answer.Text(), StringComparison.Ordinal);
        Assert.Contains($"at {commit[..12]}", answer.Text(), StringComparison.Ordinal);
        Assert.DoesNotContain("can be moved", answer.Text(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v1.2.0")]
    [InlineData("no-such-tag")]
    public async Task Are_named_as_the_code_names_them_never_among_our_own_words(string reference)
    {
        using var site = await Site.OpenAsync(new StackSettings("."), Allowing("git::file:///*"), ("main.tf", Call("m", $"{Url}?ref={reference}")));
        var answer = await site.PlanAsync();
        Assert.Contains(answer.Parts, part => part.Trust is Trust.Tenant && part.Text.Contains(module.Root, StringComparison.Ordinal));
        Assert.DoesNotContain(answer.Parts, part => part.Trust is Trust.Own && part.Text.Contains(module.Root, StringComparison.Ordinal));
    }

    [Fact]
    public async Task That_were_tagged_anew_make_the_plan_void()
    {
        using var site = await Site.OpenAsync(new StackSettings("."), Allowing("git::file:///*"), ("main.tf", Call("m", $"{Url}?ref=v1.2.0")));
        var answer = await site.PlanAsync();
        Assert.Contains("main.tf:2: the module's ref can be moved to other code before CI fetches it", answer.Text(), StringComparison.Ordinal);
        var plan = site.Store.Find(answer.Structured!["plan"]!.GetValue<string>(), Calls.Caller())!;
        Assert.Empty(await site.Store.MovedAsync(plan, Calls.Caller(), TestContext.Current.CancellationToken));

        module.Commit(("modules/bucket/note.txt", "other"));
        module.Run("tag", "-f", "-a", "v1.2.0", "-m", "moved");
        Assert.Equal(["a module that it fetches is other code now"], await site.Store.MovedAsync(plan, Calls.Caller(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Of_a_registry_come_in_the_newest_version_that_the_code_allows()
    {
        using var site = await Site.OpenAsync(
            new StackSettings("."), Allowing("modules.test/acme/*", "git::file:///*"), new Registry($"git::file://{module.Root}/.git//modules/bucket?ref={commit}"),
            ("main.tf", "module \"m\" {\n  source  = \"modules.test/acme/bucket/none\"\n  version = \"~> 1.1\"\n}\n"));
        var answer = await site.PlanAsync();
        Assert.False(answer.IsFault, answer.Text());
        Assert.Contains("module.m.terraform_data.bucket", answer.Text(), StringComparison.Ordinal);
        Assert.Contains("modules.test/acme/bucket/none 1.2.0", answer.Text(), StringComparison.Ordinal);
        Assert.Contains("pin it to what was planned: version 1.2.0", answer.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_fetch_others_are_followed_and_held_to_the_same_list()
    {
        using var outer = new ScratchRepository(("main.tf", Call("inner", $"{Url}//modules/bucket?ref={commit}")));
        var source = $"git::file://{outer.Root}/.git?ref={outer.Run("rev-parse", "HEAD").Trim()}";
        using var site = await Site.OpenAsync(new StackSettings("."), Allowing("git::file:///*"), ("main.tf", Call("m", source)));
        Assert.Equal(["module.m.module.inner.terraform_data.bucket"], (await site.PlannedAsync()).Changes.Select(change => change.Address));

        using var strict = await Site.OpenAsync(new StackSettings("."), Allowing($"git::file://{outer.Root}/*"), ("main.tf", Call("m", source)));
        Assert.Contains("not on the list of those that may be fetched", (await strict.PlanAsync()).Text(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("resource \"terraform_data\" \"x\" {\n  provisioner \"local-exec\" {\n    command = \"id\"\n  }\n}\n", "provisioner")]
    [InlineData("data \"external\" \"x\" {\n  program = [\"id\"]\n}\n", "data")]
    [InlineData("output \"x\" {\n  value = file(\"/proc/self/environ\")\n}\n", "literal path")]
    [InlineData("module \"x\" {\n  source = \"../../..\"\n}\n", "must stay in its repository")]
    [InlineData("module \"x\" {\n  source = \"../mains\"\n}\n", "must stay in its repository")]
    public async Task Are_read_by_the_rules_before_anything_runs(string code, string said)
    {
        using var hostile = new ScratchRepository(("main.tf", code));
        using var site = await Site.OpenAsync(new StackSettings("."), Allowing("git::file:///*"), ("main.tf", Call("m", $"git::file://{hostile.Root}/.git?ref={hostile.Run("rev-parse", "HEAD").Trim()}")));
        var answer = await site.PlanAsync();
        Assert.True(answer.IsFault);
        Assert.Contains(".fetched/", answer.Text(), StringComparison.Ordinal);
        Assert.Contains(said, answer.Text(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("git::https://github.com/stranger/mod.git?ref=v1", "not on the list")]
    [InlineData("github.com/stranger/mod", "not on the list")]
    [InlineData("stranger/mod/aws", "not on the list")]
    [InlineData("git::https://user:pass@github.com/acme/mod.git", "none that is fetched")]
    [InlineData("git::ssh://git@github.com/acme/mod.git", "none that is fetched")]
    [InlineData("git@github.com:acme/mod.git", "none that is fetched")]
    [InlineData("git::https://github.com/acme/../stranger/mod.git", "none that is fetched")]
    [InlineData("git::https://github.com/acme/mod.git//../../x", "none that is fetched")]
    [InlineData("git::https://github.com/acme/mod.git?sshkey=aGk", "none that is fetched")]
    [InlineData("git::https://github.com/acme/mod.git?ref=--upload-pack=id", "none that is fetched")]
    [InlineData("git::http://github.com/acme/mod.git", "none that is fetched")]
    [InlineData("git::ext::sh -c id", "none that is fetched")]
    [InlineData("https://example.com/mod.zip", "not on the list")]
    [InlineData("https://example.com/mod", "none that is fetched")]
    [InlineData("https://user:pass@github.com/acme/mod.zip", "none that is fetched")]
    [InlineData("https://github.com/acme/mod.zip?token=x", "none that is fetched")]
    [InlineData("https://github.com/acme/mod.zip?checksum=md5:00", "none that is fetched")]
    [InlineData("https://github.com/acme/mod.zip//*", "none that is fetched")]
    [InlineData("http://github.com/acme/mod.zip", "none that is fetched")]
    [InlineData("s3::https://s3.amazonaws.com/b/mod.zip", "none that is fetched")]
    [InlineData("/etc/mod", "none that is fetched")]
    public async Task Of_any_other_source_are_refused_and_nothing_is_asked(string source, string said)
    {
        using var site = await Site.OpenAsync(new StackSettings("."), Allowing("git::https://github.com/acme/*"), new NoNetwork(), ("main.tf", Call("m", source)));
        var answer = await site.PlanAsync();
        Assert.True(answer.IsFault);
        Assert.Contains("main.tf:2", answer.Text(), StringComparison.Ordinal);
        Assert.Contains(said, answer.Text(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?ref=0123456789012345678901234567890123456789")]
    public async Task That_lead_to_a_forbidden_address_are_not_asked_for(string query)
    {
        using var site = await Site.OpenAsync(new StackSettings("."), Allowing("git::https://169.254.169.254/*"), ("main.tf", Call("m", "git::https://169.254.169.254/latest" + query)));
        Assert.Contains("forbidden address", (await site.PlanAsync()).Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cannot_be_forged_by_the_tree_or_by_an_edit()
    {
        using var site = await Site.OpenAsync(new StackSettings("."), Allowing("git::file:///*"), ("main.tf", Call("m", $"{Url}?ref={commit}")), (".fetched/x/main.tf", ""));
        Assert.Contains("the tree must not hold a folder of this name", (await site.PlanAsync()).Text(), StringComparison.Ordinal);

        using var edited = await Site.OpenAsync(new StackSettings("."), Allowing("git::file:///*"), ("main.tf", Call("m", $"{Url}?ref={commit}")));
        Assert.True((await edited.PlanAsync([new Edit($".fetched/git@{commit}/main.tf", Content: "")])).IsFault);
    }

    [Fact]
    public async Task That_cannot_be_had_are_named()
    {
        using var site = await Site.OpenAsync(new StackSettings("."), Allowing("git::file:///*"), ("main.tf", Call("m", $"{Url}?ref=v9")));
        Assert.Contains("has no tag or branch of the name in `ref`", (await site.PlanAsync()).Text(), StringComparison.Ordinal);
        using var gone = await Site.OpenAsync(new StackSettings("."), Allowing("git::file:///*"), ("main.tf", Call("m", $"git::file://{module.Root}/nowhere")));
        Assert.Contains("cannot be fetched", (await gone.PlanAsync()).Text(), StringComparison.Ordinal);
    }

    // What terraform itself writes down: the manifest that `init` leaves for these sources.
    [Theory]
    [InlineData("github.com/acme/mod", "git::https://github.com/acme/mod.git")]
    [InlineData("github.com/acme/mod//a/b?ref=v1", "git::https://github.com/acme/mod.git//a/b?ref=v1")]
    [InlineData("git::https://example.com/mod.git//a?ref=v1&depth=1", "git::https://example.com/mod.git//a?ref=v1&depth=1")]
    [InlineData("acme/mod/aws", "registry.terraform.io/acme/mod/aws")]
    [InlineData("app.terraform.io/acme/mod/aws//modules/x", "app.terraform.io/acme/mod/aws//modules/x")]
    public void Are_spelled_as_the_engine_spells_them(string written, string spelled) => Assert.Equal(spelled, RemoteSource.Parse(written)!.Spelled);

    public void Dispose() => module.Dispose();

    private static EngineSettings Allowing(params string[] modules) => new() { Allowed = new AllowedCode { Modules = modules } };

    private static string Call(string name, string source) => $"module \"{name}\" {{\n  source = \"{source}\"\n}}\n";

    private sealed class Registry(string location) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(request.RequestUri!.AbsoluteUri switch
        {
            "https://modules.test/.well-known/terraform.json" => Json(new Dictionary<string, string> { ["modules.v1"] = "/v1/modules/" }),
            "https://modules.test/v1/modules/acme/bucket/none/versions" => Json(new { modules = new[] { new { versions = new[] { new { version = "1.0.0" }, new { version = "1.2.0" }, new { version = "2.0.0" } } } } }),
            "https://modules.test/v1/modules/acme/bucket/none/1.2.0/download" => new HttpResponseMessage(HttpStatusCode.NoContent) { Headers = { { "X-Terraform-Get", location } } },
            _ => new HttpResponseMessage(HttpStatusCode.NotFound),
        });

        private static HttpResponseMessage Json(object body) => new() { Content = JsonContent.Create(body) };
    }

    private sealed class NoNetwork : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => throw new InvalidOperationException("something was asked");
    }
}
