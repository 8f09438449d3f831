using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using McpInfra.Guardrails.Agents;

namespace McpInfra.Guardrails.Policies;

/// <summary>The operator's policies, whole and immutable: Cedar rules that decide, plain language that agents are told, and a version that plans rest on.</summary>
public sealed class Rulebook
{
    internal Rulebook(CedarRules? cedar, IReadOnlyList<PlainPolicy> plain, IEnumerable<(string Name, string Text)> texts)
    {
        (Cedar, Plain, Version) = (cedar, plain, VersionOf(texts));
    }

    /// <summary>No policies of the operator's: what the manifests allow is permitted.</summary>
    public static Rulebook BuiltIn { get; } = new(null, [], []);

    /// <summary>SHA-256 over the names and texts of all policies and the version of the built-in rules, hexadecimal. Any change of them changes it.</summary>
    public string Version { get; }

    /// <summary>Plain-language policies, in the order of their files.</summary>
    public IReadOnlyList<PlainPolicy> Plain { get; }

    /// <summary>Every Cedar rule, in the order of the texts.</summary>
    public IReadOnlyList<Rule> Rules => Cedar?.All ?? [];

    /// <summary>What an operator should know and nothing stops at: rules that can never apply, policies that nothing enforces.</summary>
    public IReadOnlyList<Manifests.Fault> Warnings { get; init; } = [];

    /// <summary>What decides; null without Cedar policies.</summary>
    internal CedarRules? Cedar { get; }

    /// <summary>The policies of a folder; null for the built-in set. Whatever cannot be applied is a fault: no policy is ever skipped.</summary>
    /// <param name="folder">A folder of *.md and *.cedar files, or null.</param>
    /// <param name="faults">Gets every fault; with any, the server must not start.</param>
    public static Rulebook Read(string? folder, List<Manifests.Fault> faults) => folder is null ? BuiltIn : new RulebookReader(folder, faults).Read();

    /// <summary>What an agent should know of its rights and rules, in short Markdown of under 800 tokens.</summary>
    /// <param name="caller">Who is told.</param>
    /// <param name="reserved">Bytes to leave to what is told beside it.</param>
    public string Digest(Caller caller, int reserved = 0) => PolicyDigest.Of(this, caller, reserved);

    /// <summary>Plain-language policies that speak to an agent type.</summary>
    public IReadOnlyList<PlainPolicy> Told(AgentType agent) => [.. Plain.Where(policy => policy.SpeaksTo(agent))];

    private static string VersionOf(IEnumerable<(string Name, string Text)> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(PolicyGuard.Rules.ToString(CultureInfo.InvariantCulture));
        foreach (var (name, text) in texts)
        {
            Add(name);
            Add(text);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Add(string value)
        {
            var bytes = Encoding.UTF8.GetBytes(value);
            Span<byte> length = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
    }
}
