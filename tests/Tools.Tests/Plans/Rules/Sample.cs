using System.Security.Cryptography;
using System.Text;
using McpInfra.Tools.Git;
using McpInfra.Tools.Plans.Engines.Terraform.Rules;

namespace McpInfra.Tools.Tests.Plans.Rules;

/// <summary>Trees made of texts.</summary>
internal sealed class Sample
{
    private readonly Dictionary<string, byte[]> _blobs = [];
    private readonly Dictionary<string, TreeFile> _before = [];
    private readonly Dictionary<string, TreeFile> _after = [];

    public string Stack { get; init; } = ".";

    public string[] Egress { get; init; } = ["moto:5555"];

    public AllowedCode Allowed { get; init; } = new();

    /// <summary>A file of the base that the edits leave alone.</summary>
    public Sample With(string path, string text, TreeFileKind kind = TreeFileKind.File) => Base(path, text, kind).Edit(path, text, kind);

    public Sample With(string path, byte[] bytes)
    {
        _before[path] = _after[path] = Entry(path, bytes, TreeFileKind.File);
        return this;
    }

    public Sample Base(string path, string text, TreeFileKind kind = TreeFileKind.File)
    {
        _before[path] = Entry(path, Encoding.UTF8.GetBytes(text), kind);
        return this;
    }

    public Sample Edit(string path, string text, TreeFileKind kind = TreeFileKind.File)
    {
        _after[path] = Entry(path, Encoding.UTF8.GetBytes(text), kind);
        return this;
    }

    public Sample Delete(string path)
    {
        _after.Remove(path);
        return this;
    }

    public RulesResult Check() => TerraformRules.Check(new(
        [.. _after.Values], [.. _before.Values], Stack, file => _blobs[file.Blob]) { Egress = Egress, Allowed = Allowed });

    /// <summary>What is wrong with one file of code in an otherwise plain stack.</summary>
    public static RulesResult Of(string code, string path = "main.tf") => new Sample().With("plain.tf", "# plain\n").With("notes.txt", "notes").With(path, code).Check();

    private TreeFile Entry(string path, byte[] bytes, TreeFileKind kind)
    {
        var id = Convert.ToHexStringLower(SHA256.HashData(bytes))[..40];
        _blobs[id] = bytes;
        return new(path, kind, id, bytes.Length);
    }
}
