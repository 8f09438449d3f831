using System.Text.RegularExpressions;
using McpInfra.Graph.Hcl;

namespace McpInfra.Tools.Plans.Engines.Terraform.Modules;

/// <summary>
/// A module's source that is no folder beside it, as terraform reads it: https://developer.hashicorp.com/terraform/language/modules/sources.
/// Registries, git and archives over https are known; other protocols, and addresses that carry a login, are none of ours.
/// </summary>
/// <param name="Package">What allow-lists name: `registry.terraform.io/acme/vpc/aws`, `git::https://github.com/acme/vpc.git`, or `https://files.acme.dev/vpc.zip`.</param>
/// <param name="Folder">The module's folder in the package; "." for its root.</param>
public abstract partial record RemoteSource(string Package, string Folder)
{
    private const string DefaultRegistry = "registry.terraform.io";

    // Their first parts look like a registry's host and are not: terraform takes them for the forges themselves.
    private static readonly HashSet<string> Forges = new(StringComparer.OrdinalIgnoreCase) { "github.com", "bitbucket.org", "gitlab.com" };

    private static readonly string[] Forms = ["zip", "tar.gz", "tgz"];

    /// <summary>The source as the engine spells it once it has read it.</summary>
    public abstract string Spelled { get; }

    /// <summary>Reads a source; null when it is none that is fetched.</summary>
    public static RemoteSource? Parse(string text) => text.Length > 500 || text.Any(letter => letter is '%' or '*') ? null : Parse(text, handedOut: false);

    /// <summary>Reads where a registry says that a package lies: git or an archive, whose address may be a signed one and mean the only folder in it (`//*`). Null for anything else.</summary>
    public static RemoteSource? HandedOut(string text) => text.Length <= 4000 && Parse(text, handedOut: true) is { } read and (Git or Archive) ? read : null;

    private static RemoteSource? Parse(string text, bool handedOut)
    {
        if (text.Any(letter => letter is <= ' ' or > '~' or '\\' or '#'))
        {
            return null;
        }

        var mark = text.IndexOf('?', StringComparison.Ordinal);
        var (path, query) = mark < 0 ? (text, "") : (text[..mark], text[(mark + 1)..]);
        var scheme = path.IndexOf("://", StringComparison.Ordinal);
        var sub = path.IndexOf("//", scheme < 0 ? 0 : scheme + 3, StringComparison.Ordinal);
        var (package, inside) = sub < 0 ? (path, ".") : (path[..sub], path[(sub + 2)..].TrimEnd('/'));
        var only = handedOut && (inside == "*" || inside.StartsWith("*/", StringComparison.Ordinal));
        inside = !only ? inside : inside.Length == 1 ? "." : inside[2..];
        return CodePath.Normal(inside) != inside || inside.Contains('*', StringComparison.Ordinal) ? null
            : OfArchive(package, inside, query, handedOut) is { } archive ? archive with { IsInOnlyFolder = only }
            : only ? null
            : OfGit(package, inside, query) ?? (query.Length == 0 ? OfRegistry(package, inside) : null);
    }

    // `archive` and `checksum` are for whoever fetches; the rest of a query goes to the host.
    private static Archive? OfArchive(string url, string folder, string query, bool handedOut)
    {
        var parts = query.Split('&', StringSplitOptions.RemoveEmptyEntries).ToLookup(part => part.Split('=')[0] is "archive" or "checksum" ? part.Split('=')[0] : "", StringComparer.Ordinal);
        var form = parts["archive"].FirstOrDefault()?["archive=".Length..] ?? Forms.FirstOrDefault(form => url.EndsWith("." + form, StringComparison.OrdinalIgnoreCase));
        var checksum = parts["checksum"].FirstOrDefault();
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme != "https" || parsed.UserInfo.Length > 0 || parsed.AbsoluteUri != url || !Forms.Contains(form)
            || parts["archive"].Count() > 1 || parts["checksum"].Count() > 1 || (checksum is not null && !IsChecksum().IsMatch(checksum)) || (parts[""].Any() && !handedOut))
        {
            return null;
        }

        var more = string.Join('&', parts[""]);
        return new Archive(url, more.Length > 0 ? $"{url}?{more}" : url, form == "zip", checksum?["checksum=sha256:".Length..], folder) { Query = query };
    }

    private static RemoteSource? OfGit(string package, string folder, string query)
    {
        var url = package.StartsWith("git::", StringComparison.Ordinal) ? package[5..]
            : package.Split('/') is ["github.com", { Length: > 0 }, { Length: > 0 } name] ? $"https://{package}{(name.EndsWith(".git", StringComparison.Ordinal) ? "" : ".git")}"
            : null;
        var parts = query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('=', 2)).ToList();
        return url is not null && Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "https" or "file" && parsed.UserInfo.Length == 0 && parsed.AbsoluteUri == url
            && parts.All(part => part is ["ref", { Length: > 0 }] or ["depth", _]) && parts.Count(part => part[0] == "ref") <= 1
            && parts.FirstOrDefault(part => part[0] == "ref")?[1] is var reference && (reference is null || IsReference().IsMatch(reference))
                ? new Git(url, reference, query, folder)
                : null;
    }

    private static Registry? OfRegistry(string package, string folder)
    {
        var parts = package.Split('/');
        return (parts switch
        {
            [var space, var name, var system] when !Forges.Contains(space) => new Registry(DefaultRegistry, space, name, system, folder),
            [var host, var space, var name, var system] when host.Contains('.', StringComparison.Ordinal) && !Forges.Contains(host) => new Registry(host, space, name, system, folder),
            _ => null,
        }) is { } registry && IsHost().IsMatch(registry.Host) && new[] { registry.Namespace, registry.Name, registry.System }.All(part => IsName().IsMatch(part)) ? registry : null;
    }

    [GeneratedRegex(@"\Achecksum=sha256:[0-9a-f]{64}\z")]
    private static partial Regex IsChecksum();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._/+-]{0,200}\z")]
    private static partial Regex IsReference();

    [GeneratedRegex(@"\A[a-z0-9.-]{1,253}(:[0-9]{1,5})?\z")]
    private static partial Regex IsHost();

    [GeneratedRegex(@"\A[0-9A-Za-z][0-9A-Za-z_-]{0,63}\z")]
    private static partial Regex IsName();

    /// <summary>A git repository.</summary>
    /// <param name="Url">https, or file.</param>
    /// <param name="Reference">Commit, tag or branch; null for the default branch.</param>
    /// <param name="Query">As written.</param>
    /// <param name="Folder">The module's folder in it.</param>
    public sealed record Git(string Url, string? Reference, string Query, string Folder) : RemoteSource("git::" + Url, Folder)
    {
        /// <inheritdoc/>
        public override string Spelled => $"git::{Url}{(Folder == "." ? "" : "//" + Folder)}{(Query.Length > 0 ? "?" + Query : "")}";
    }

    /// <summary>An archive.</summary>
    /// <param name="Address">https, without its query.</param>
    /// <param name="Url">What is asked for.</param>
    /// <param name="IsZip">Whether it is a zip; else it is a tar.gz.</param>
    /// <param name="Sha256">Its hash as the source names it, lower case; null when it names none.</param>
    /// <param name="Folder">The module's folder in it.</param>
    public sealed record Archive(string Address, string Url, bool IsZip, string? Sha256, string Folder) : RemoteSource(Address, Folder)
    {
        /// <summary>The query as written.</summary>
        public string Query { get; init; } = "";

        /// <summary>Whether the folder counts from the only one in the archive.</summary>
        public bool IsInOnlyFolder { get; init; }

        /// <inheritdoc/>
        public override string Spelled => $"{Address}{(Folder == "." ? "" : "//" + Folder)}{(Query.Length > 0 ? "?" + Query : "")}";
    }

    /// <summary>A module of a registry.</summary>
    /// <param name="Host">The registry's host.</param>
    /// <param name="Namespace">Whose it is.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="System">What it is for, such as `aws`.</param>
    /// <param name="Folder">The module's folder in it.</param>
    public sealed record Registry(string Host, string Namespace, string Name, string System, string Folder) : RemoteSource($"{Host}/{Namespace}/{Name}/{System}", Folder)
    {
        /// <inheritdoc/>
        public override string Spelled => Package + (Folder == "." ? "" : "//" + Folder);
    }
}
