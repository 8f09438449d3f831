using System.Text.Json.Nodes;

namespace McpInfra.Attacks.HostileRepositories;

/// <summary>One hostile repository.</summary>
/// <param name="Name">What it tries.</param>
/// <param name="Layer">What stops it.</param>
/// <param name="Says">What only that layer says in the answer.</param>
public sealed record Hostile(string Name, Layer Layer, string Says)
{
    /// <summary>Tracked files by path; a path that ends in `@` is a link to its text.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>Edits of the call, as the tool takes them.</summary>
    public JsonArray? Edits { get; init; }

    /// <summary>Where the plan starts.</summary>
    public string? From { get; init; }

    /// <summary>Whether what was planned is also proposed.</summary>
    public bool Proposes { get; init; }

    /// <summary>What else the attacker does to the working tree or its git directory, after the commit.</summary>
    public Action<string, Places>? Prepare { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Code of the stack that is there before anybody edits.</summary>
    public static Hostile Code(string name, Layer layer, string says, string code, params (string Path, string Text)[] more) =>
        new(name, layer, says) { Files = Of([("main.tf", code), .. more]) };

    /// <summary>An edit that puts a file into a harmless stack.</summary>
    public static Hostile Edit(string name, Layer layer, string says, string path, string content, params (string Path, string Text)[] more) =>
        new(name, layer, says) { Files = Of([("main.tf", Harmless), .. more]), Edits = [new JsonObject { ["path"] = path, ["content"] = content }] };

    /// <summary>A provider from the operator's mirror that runs a shell script of the tree.</summary>
    public static Hostile Provider(string name, Layer layer, string says, string script, params (string Path, string Text)[] more) => Code(name, layer, says,
        "terraform {\n  required_providers {\n    evil = { source = \"acme/evil\" }\n  }\n}\nresource \"evil_thing\" \"a\" {}\n", [("payload.sh", script), .. more]);

    /// <summary>A stack that does nothing bad, with a secret in its state.</summary>
    public const string Harmless = "resource \"terraform_data\" \"a\" {\n  input = { name = \"one\" }\n}\n";

    private static Dictionary<string, string> Of(IEnumerable<(string Path, string Text)> files) => files.ToDictionary(file => file.Path, file => file.Text);
}

/// <summary>Where things lie on the host that is attacked.</summary>
/// <param name="Home">The server's home folder, with canaries in it.</param>
/// <param name="Owned">Whatever is found here was written by code that ran on the host.</param>
/// <param name="Listed">Port of the endpoint that stacks may reach, by the name awsmoto.</param>
/// <param name="Attacker">Port of the attacker's endpoint.</param>
public sealed record Places(string Home, string Owned, int Listed, int Attacker)
{
    /// <summary>The text with places in it.</summary>
    public string In(string text) => text
        .Replace("@HOME@", Home, StringComparison.Ordinal)
        .Replace("@OWNED@", Owned, StringComparison.Ordinal)
        .Replace("@LISTED@", $"{Listed}", StringComparison.Ordinal)
        .Replace("@ATTACKER@", $"{Attacker}", StringComparison.Ordinal);
}
