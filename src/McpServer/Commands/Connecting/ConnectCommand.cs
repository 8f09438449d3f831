using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Host.Settings;

namespace McpInfra.Host.Commands.Connecting;

/// <summary>`connect CLIENT`: prints or writes the client's configuration; what else stands in the file stays.</summary>
internal static class ConnectCommand
{
    public static Command Create()
    {
        var client = new Argument<string>("client") { Description = "The client" };
        client.AcceptOnlyFromAmong(["claude-code", "claude-desktop", "codex", "vscode", "cursor", "gemini", "json"]);
        var http = Options.Http("Connect to a server that runs with --http");
        var write = new Option<bool>("--write") { Description = "Write into the client's configuration file instead of printing" };
        var command = new Command("connect", "Print or write the configuration that connects a client") { client, http, write };
        command.SetAction(result => Run(result.GetRequiredValue(client), result.GetValue(http), result.GetValue(write)));
        return command;
    }

    private static int Run(string name, Uri? http, bool write)
    {
        string[] command = [.. Ourselves.Command, "serve"];
        if (http is not null)
        {
            Terminal.Complain($"The client reads the token from {Client.TokenVariable}: export {Client.TokenVariable}=\"$(cat '{Path.Combine(StateFolder.Default, "http-token")}')\"");
        }

        return name == "codex" ? Connect(Codex.File, Codex.Section(command, http), write, Codex.Merge) : ConnectJson(Client.All.Single(client => client.Name == name), command, http, write);
    }

    private static int ConnectJson(Client client, IReadOnlyList<string> command, Uri? http, bool write)
    {
        if (http is not null && client.Http is null)
        {
            return Wrong($"{client.Name} cannot send a token over HTTP; connect it over stdio: mcp-infra connect {client.Name}");
        }

        if (write && client.File is null)
        {
            return Wrong($"{client.Name} names no file to write; leave --write out and copy what is printed");
        }

        var server = http is null ? client.Stdio(command) : client.Http!(http);
        var whole = new JsonObject { [client.Section] = new JsonObject { [Client.ServerName] = server } };
        return Connect(client.File, whole.ToJsonString(JsonText.Readable) + "\n", write, (text, _) => Merge(text, client.Section, server));
    }

    private static int Connect(string? file, string section, bool write, Func<string, string, string> merge)
    {
        if (!write)
        {
            Console.Write(section);
            return ExitCode.Yes;
        }

        try
        {
            var merged = merge(File.Exists(file) ? File.ReadAllText(file) : "", section);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            var temporary = $"{file}.{Guid.NewGuid():N}";
            File.WriteAllText(temporary, merged);
            File.Move(temporary, file!, overwrite: true);
            Terminal.Say($"Written: {file}");
            return ExitCode.Yes;
        }
        catch (JsonException)
        {
            return Wrong($"{file} is not plain JSON (comments?) and was left as it is; leave --write out and copy what is printed");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Wrong($"{file} cannot be written; leave --write out and copy what is printed");
        }
    }

    private static string Merge(string text, string section, JsonObject server)
    {
        var root = string.IsNullOrWhiteSpace(text) ? [] : JsonNode.Parse(text) as JsonObject ?? throw new JsonException();
        if (root[section] is null)
        {
            root[section] = new JsonObject();
        }

        (root[section] as JsonObject ?? throw new JsonException())[Client.ServerName] = server.DeepClone();
        return root.ToJsonString(JsonText.Readable) + "\n";
    }

    private static int Wrong(string message)
    {
        Terminal.Complain("mcp-infra: " + message);
        return ExitCode.WrongUse;
    }
}
