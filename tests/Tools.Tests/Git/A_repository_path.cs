using CsCheck;
using McpInfra.Tools.Git;
using Xunit;

namespace McpInfra.Tools.Tests.Git;

public sealed class A_repository_path
{
    private static bool Admits(string text) => RepositoryPath.TryParse(text, out _) is not null;

    [Theory]
    [InlineData("main.tf")]
    [InlineData("modules/vpc/main.tf")]
    [InlineData(".github/workflows/ci.yml")]
    [InlineData(".gitignore")]
    [InlineData("a b/ü.tf")]
    [InlineData("com/console.tf")]
    [InlineData("digit~.tf")]
    public void Admits_ordinary_names(string text) => Assert.Equal(text, RepositoryPath.TryParse(text, out _)!.Value);

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/..")]
    [InlineData("a/../b")]
    [InlineData("./a")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("/a")]
    [InlineData("//host/share")]
    [InlineData("C:/a")]
    [InlineData("C:a")]
    [InlineData("\\\\host\\share")]
    [InlineData("a\\..\\b")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("a\u0085b")]
    [InlineData("a/.git/config")]
    [InlineData(".GIT/config")]
    [InlineData(".git")]
    [InlineData(".git./config")]
    [InlineData(".git /config")]
    [InlineData(".git::$INDEX_ALLOCATION/config")]
    [InlineData("git~1/config")]
    [InlineData("GI7EBA~1/config")]
    [InlineData(".g\u200Cit/config")]
    [InlineData(".g\u200dit\u2060/config")]
    [InlineData("\uFEFF.git/config")]
    [InlineData(".\uFF47\uFF49\uFF54/config")]
    [InlineData(".g\u0131t/config")]
    [InlineData("a\u202Eb")]
    [InlineData("a\U000E0041b")]
    [InlineData("con")]
    [InlineData("a/NUL.tf")]
    [InlineData("com1.txt")]
    [InlineData("LPT\u00B9")]
    [InlineData("aux .tf")]
    [InlineData("conin$")]
    [InlineData("a./b")]
    [InlineData("a /b")]
    [InlineData("main.tf.")]
    [InlineData("main.tf::$DATA")]
    [InlineData("-rf")]
    [InlineData("a/--output=x")]
    [InlineData("PROGRA~1")]
    [InlineData("\uD800x")]
    public void Refuses_what_leaves_the_repository_on_any_file_system(string text)
    {
        Assert.Null(RepositoryPath.TryParse(text, out var fault));
        Assert.NotEmpty(fault);
    }

    [Fact]
    public void Refuses_the_overlong_and_the_overdeep()
    {
        Assert.False(Admits(new string('a', 256)));
        Assert.False(Admits(string.Join('/', Enumerable.Repeat("a", 33))));
        Assert.False(Admits(string.Join('/', Enumerable.Repeat(new string('a', 200), 6))));
        Assert.False(Admits(new string('\u00fc', 128)));
    }

    // Pieces that attacks are made of, in any order and number.
    private static readonly Gen<string> Hostile = Gen.OneOf(
        Gen.OneOf("..", ".", "/", "\\", ".git", "GIT~1", "\0", ":", " ", "\u200B", "\u202E", "con", "a", "main.tf", "-", "~1", "%2e%2e", "\uFF0F", "\u2024\u2024"),
        Gen.String[0, 4]).List[0, 8].Select(parts => string.Concat(parts));

    [Fact]
    public void Never_leads_out_of_its_folder_nor_into_git() => Hostile.Sample(
        text =>
        {
            if (RepositoryPath.TryParse(text, out _) is not { } path)
            {
                return;
            }

            var root = Path.Combine(Path.GetTempPath(), "root");
            var full = Path.GetFullPath(Path.Combine(root, path.Value));
            Assert.Equal(root + "/" + path.Value, full);
            Assert.DoesNotContain(path.Segments, segment => segment.TrimEnd('.', ' ').Equals(".git", StringComparison.OrdinalIgnoreCase));
            Assert.Equal(text, path.Value);
        },
        iter: 20_000);

    [Fact]
    public void Says_the_same_of_a_text_every_time_and_never_throws() => Gen.String.Sample(
        text => Assert.Equal(Admits(text), Admits(text)), iter: 10_000);

    [Theory]
    [InlineData(".env")]
    [InlineData("a/.ENV.production")]
    [InlineData("terraform.tfstate")]
    [InlineData("x/terraform.tfstate.backup")]
    [InlineData("terraform.tfstate.d/prod/x")]
    [InlineData("plan.tfplan")]
    [InlineData("tls/server.PEM")]
    [InlineData("server.key")]
    [InlineData(".ssh/config")]
    [InlineData("id_rsa")]
    [InlineData("id_ed25519.bak")]
    [InlineData("kubeconfig")]
    [InlineData("kubeconfig.yaml")]
    [InlineData(".kube/config")]
    [InlineData(".aws/credentials")]
    [InlineData("gcp-credentials.json")]
    [InlineData(".terraform/terraform.tfstate")]
    [InlineData("a/.terraform/modules/modules.json")]
    [InlineData(".netrc")]
    [InlineData(".npmrc")]
    public void Of_a_secret_is_withheld(string path) => Assert.True(WithheldPaths.Withholds(path));

    [Theory]
    [InlineData("main.tf")]
    [InlineData(".terraform.lock.hcl")]
    [InlineData("prod.tfvars")]
    [InlineData("environment.tf")]
    [InlineData("keys.tf")]
    [InlineData("credentials/README.md")]
    public void Of_code_is_not_withheld(string path) => Assert.False(WithheldPaths.Withholds(path));
}
