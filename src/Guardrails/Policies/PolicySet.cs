using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using McpInfra.Guardrails.Manifests;

namespace McpInfra.Guardrails.Policies;

/// <summary>The operator's policies: plain-language Markdown that agents are told, with a version that plans rest on.</summary>
public sealed class PolicySet
{
    private const int MostFile = 64 * 1024;
    private const int MostInAll = 512 * 1024;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private PolicySet(IReadOnlyList<(string Name, string Text)> plain) => (Plain, Version) = (plain, VersionOf(plain));

    /// <summary>No policies of the operator's: what the manifests allow is permitted.</summary>
    public static PolicySet BuiltIn { get; } = new([]);

    /// <summary>SHA-256 over the names and texts of all policies and the version of the built-in rules, hexadecimal. Any change of them changes it.</summary>
    public string Version { get; }

    /// <summary>Plain-language policies by file name, in order.</summary>
    public IReadOnlyList<(string Name, string Text)> Plain { get; }

    /// <summary>The policies of a folder; null for the built-in set. Whatever cannot be applied is a fault: no policy is ever skipped.</summary>
    /// <param name="folder">A folder of *.md and *.cedar files, or null.</param>
    /// <param name="faults">Gets every fault; with any, the server must not start.</param>
    public static PolicySet Read(string? folder, List<Fault> faults)
    {
        if (folder is null)
        {
            return BuiltIn;
        }

        if (!Directory.Exists(folder))
        {
            faults.Add(new Fault(folder, 0, "there is no such folder of policies"));
            return BuiltIn;
        }

        var plain = new List<(string, string)>();
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(folder, file).Replace('\\', '/');
            if (!Path.GetFileName(file).StartsWith('.') && Text(file, faults) is { } text)
            {
                plain.Add((name, text));
            }
        }

        if (plain.Sum(policy => policy.Item2.Length) > MostInAll)
        {
            faults.Add(new Fault(folder, 0, $"the policies are larger than {MostInAll} characters in all"));
        }

        return new PolicySet(plain);
    }

    /// <summary>What an agent should know of its rights and rules, in short Markdown of at most 7,500 bytes.</summary>
    public string Digest(Caller caller) => PolicyDigest.Of(this, caller);

    private static string? Text(string file, List<Fault> faults)
    {
        switch (Path.GetExtension(file))
        {
            case ".md":
                break;
            case ".cedar":
                faults.Add(new Fault(file, 0, "this version cannot evaluate Cedar policies, and leaves none out silently. Move the file away, or say the rule in an agent type's manifest"));
                return null;
            default:
                faults.Add(new Fault(file, 0, "a policy is a *.md file (or, in a later version, *.cedar). Move other files away"));
                return null;
        }

        try
        {
            var bytes = File.ReadAllBytes(file);
            if (bytes.Length <= MostFile)
            {
                return Strict.GetString(bytes);
            }

            faults.Add(new Fault(file, 0, $"a policy may have at most {MostFile} bytes"));
        }
        catch (DecoderFallbackException)
        {
            faults.Add(new Fault(file, 0, "a policy must be UTF-8 text"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            faults.Add(new Fault(file, 0, "the file cannot be read"));
        }

        return null;
    }

    private static string VersionOf(IReadOnlyList<(string Name, string Text)> plain)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(PolicyGuard.Rules.ToString(CultureInfo.InvariantCulture));
        foreach (var (name, text) in plain)
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
