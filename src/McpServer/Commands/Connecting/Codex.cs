using System.Text.Json;

namespace McpInfra.Host.Commands.Connecting;

/// <summary>Codex's configuration, TOML.</summary>
internal static class Codex
{
    private const string Header = $"[mcp_servers.{Client.ServerName}]";

    /// <summary>Where it lies.</summary>
    public static string File => Path.Combine(
        Environment.GetEnvironmentVariable("CODEX_HOME") is { Length: > 0 } home ? home : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".codex"),
        "config.toml");

    /// <summary>The section for our server. A JSON string of printable text is a TOML basic string.</summary>
    public static string Section(IReadOnlyList<string> command, Uri? http) => http is null
        ? $"{Header}\ncommand = {Quoted(command[0])}\nargs = [{string.Join(", ", command.Skip(1).Select(Quoted))}]\n"
        : $"{Header}\nurl = {Quoted(http.ToString())}\nbearer_token_env_var = {Quoted(Client.TokenVariable)}\n";

    /// <summary>The text with our section in place of an earlier one, all else as it was.</summary>
    public static string Merge(string text, string section)
    {
        var lines = text.Split('\n').ToList();
        var start = lines.FindIndex(line => line.Trim() == Header);
        if (start < 0)
        {
            return text.Length == 0 || text.EndsWith("\n\n", StringComparison.Ordinal) ? text + section : text.TrimEnd('\n') + "\n\n" + section;
        }

        var end = lines.FindIndex(start + 1, line => line.TrimStart().StartsWith('['));
        var rest = end < 0 ? [] : lines.Skip(end);
        return string.Join('\n', [.. lines.Take(start), .. section.TrimEnd('\n').Split('\n'), "", .. rest]);
    }

    private static string Quoted(string text) => JsonSerializer.Serialize(text, JsonText.Readable);
}
