using McpInfra.Cedar;
using McpInfra.Graph;
using McpInfra.Guardrails;
using McpInfra.Storage;
using McpInfra.Tools;
using Xunit;

namespace McpInfra.Architecture;

public sealed class References_go_one_way
{
    private static string[] Of(Type type) => [.. type.Assembly.GetReferencedAssemblies().Select(name => name.Name!)];

    [Fact]
    public void Guardrails_knows_neither_graph_nor_tools_nor_mcp() =>
        Assert.DoesNotContain(Of(typeof(Pipeline)), name => name is "McpInfra.Graph" or "McpInfra.Tools" || name.StartsWith("ModelContextProtocol", StringComparison.Ordinal));

    [Fact]
    public void Storage_knows_none_of_ours() => Assert.DoesNotContain(Of(typeof(Database)), name => name.StartsWith("McpInfra", StringComparison.Ordinal));

    [Fact]
    public void Cedar_knows_none_of_ours_and_no_package() => Assert.All(Of(typeof(PolicySet)), name => Assert.StartsWith("System", name, StringComparison.Ordinal));

    [Fact]
    public void Graph_knows_storage_alone() =>
        Assert.DoesNotContain(Of(typeof(Resource)), name => name.StartsWith("McpInfra", StringComparison.Ordinal) && name != "McpInfra.Storage");

    [Fact]
    public void Only_the_host_knows_mcp() =>
        Assert.DoesNotContain(Of(typeof(ToolOperation)), name => name.StartsWith("ModelContextProtocol", StringComparison.Ordinal) || name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));

    [Fact]
    public void Nothing_starts_a_process_but_the_sandbox_the_fetches_of_git_the_host_and_what_an_operator_allowed_by_its_path()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(TestKit.Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
        var starting = sources.Where(file => File.ReadAllText(file) is var text && (text.Contains("ProcessStartInfo", StringComparison.Ordinal) || text.Contains("Cli.Wrap", StringComparison.Ordinal)))
            .Select(file => Path.GetRelativePath(TestKit.Repository.Root, file).Replace('\\', '/'));
        Assert.All(starting, file => Assert.Matches("^src/(Tools/Sandbox|Tools/Git/BareCopy|Tools/Credentials/Kubernetes/TokenProgram|McpServer/(Quickstart|Commands))", file));
    }

    [Fact]
    public void Public_classes_are_sealed_static_or_abstract() =>
        Assert.Empty(new[] { typeof(PolicySet), typeof(Database), typeof(Resource), typeof(Pipeline), typeof(ToolOperation) }
            .SelectMany(type => type.Assembly.GetExportedTypes())
            .Where(type => type is { IsClass: true, IsSealed: false, IsAbstract: false } && !type.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute), false))
            .Select(type => type.FullName));
}
