using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace McpInfra.Build.AwsActions;

/// <summary>What a service model tells of how it is asked: facts, no documentation.</summary>
/// <param name="Name">Its folder.</param>
/// <param name="Signing">The name in signatures, lower case.</param>
/// <param name="Host">How its hosts start.</param>
/// <param name="Protocols">Every protocol it takes.</param>
/// <param name="Target">What `X-Amz-Target` starts with; empty for none.</param>
/// <param name="Actions">Its actions.</param>
internal sealed partial record ServiceModel(string Name, string Signing, string Host, IReadOnlyList<string> Protocols, string Target, IReadOnlyList<ServiceAction> Actions)
{
    /// <summary>The newest model of each service.</summary>
    public static IReadOnlyList<ServiceModel> ReadFolder(string folder) =>
        [.. Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).Select(Newest).OfType<string>().Select(Read)];

    private static string? Newest(string service) => Directory.EnumerateDirectories(service).OrderDescending(StringComparer.Ordinal)
        .SelectMany(version => Directory.EnumerateFiles(version, "service-2.json*")).FirstOrDefault();

    private static ServiceModel Read(string path)
    {
        using var file = File.OpenRead(path);
        using var plain = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
        using var model = JsonDocument.Parse(plain);
        var about = model.RootElement.GetProperty("metadata");
        string Text(string name) => about.TryGetProperty(name, out var value) ? value.GetString()! : "";
        var protocols = about.TryGetProperty("protocols", out var several) ? [.. several.EnumerateArray().Select(one => one.GetString()!)] : new[] { Text("protocol") };
        var host = Text("endpointPrefix");
        return new ServiceModel(
            Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(path)))!,
            (Text("signingName") is { Length: > 0 } signing ? signing : host).ToLowerInvariant(), host, protocols, Text("targetPrefix"),
            [.. model.RootElement.GetProperty("operations").EnumerateObject().Select(operation => Action(operation.Name, operation.Value)).OrderBy(action => action.Name, StringComparer.Ordinal)]);

        ServiceAction Action(string name, JsonElement operation) => ServiceModel.Action(name, operation, AnswerShape.Of(operation, model.RootElement.GetProperty("shapes")));
    }

    private static ServiceAction Action(string name, JsonElement operation, AnswerShape answer)
    {
        var http = operation.GetProperty("http");
        var uri = http.TryGetProperty("requestUri", out var written) ? written.GetString()! : "/";
        return new ServiceAction(name, http.GetProperty("method").GetString()!, Greedy().Replace(Label().Replace(uri, "{}"), "{+}"), answer);
    }

    [GeneratedRegex(@"\{[^}+]*\}")]
    private static partial Regex Label();

    [GeneratedRegex(@"\{[^}]*\+\}")]
    private static partial Regex Greedy();
}

/// <summary>One action of a service.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Uri">Path and fixed query; `{}` for a label, `{+}` for one that takes the rest of the path.</param>
/// <param name="Answer">What its answer carries.</param>
internal sealed record ServiceAction(string Name, string Method, string Uri, AnswerShape Answer);
