using System.Text.Json;
using System.Text.RegularExpressions;

namespace McpInfra.Build.AwsActions;

/// <summary>What an action's answer carries, by its model.</summary>
/// <param name="IsData">Whether its body is bytes as they are: a file, an image, a stream.</param>
/// <param name="Secrets">Fields that are named as secrets are.</param>
/// <param name="Sensitive">Other fields that the model marks as sensitive.</param>
internal sealed partial record AnswerShape(bool IsData, IReadOnlySet<string> Secrets, IReadOnlySet<string> Sensitive)
{
    /// <summary>The answer of an operation.</summary>
    public static AnswerShape Of(JsonElement operation, JsonElement shapes)
    {
        var (secrets, sensitive) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        if (!operation.TryGetProperty("output", out var output))
        {
            return new AnswerShape(false, secrets, sensitive);
        }

        var top = shapes.GetProperty(output.GetProperty("shape").GetString()!);
        var isData = top.TryGetProperty("payload", out var payload) && top.GetProperty("members").GetProperty(payload.GetString()!) is var body
            && shapes.GetProperty(body.GetProperty("shape").GetString()!).GetProperty("type").GetString() == "blob";
        var seen = new HashSet<(string, string)>();
        var open = new Stack<(string Shape, string Name)>([(output.GetProperty("shape").GetString()!, "")]);
        while (open.TryPop(out var next))
        {
            if (!seen.Add(next))
            {
                continue;
            }

            var shape = shapes.GetProperty(next.Shape);
            var isText = shape.GetProperty("type").GetString() is "string" or "blob" && !shape.TryGetProperty("enum", out _);
            if (isText && Secret().IsMatch(next.Name))
            {
                secrets.Add(next.Name);
            }
            else if (next.Name.Length > 0 && Is(shape, "sensitive") && !next.Name.Equals("NextToken", StringComparison.OrdinalIgnoreCase))
            {
                sensitive.Add(next.Name);
            }

            isData |= Is(shape, "streaming");
            foreach (var (name, member) in Members(shape, next.Name))
            {
                isData |= Is(member, "streaming");
                open.Push((member.GetProperty("shape").GetString()!, name));
            }
        }

        return new AnswerShape(isData, secrets, sensitive);
    }

    // A list's and a map's members stand under the name of the list or map itself.
    private static IEnumerable<(string Name, JsonElement Member)> Members(JsonElement shape, string name) => shape.GetProperty("type").GetString() switch
    {
        "structure" => shape.GetProperty("members").EnumerateObject().Select(member => (member.Value.TryGetProperty("locationName", out var written) ? written.GetString()! : member.Name, member.Value)),
        "list" => [(name, shape.GetProperty("member"))],
        "map" => [(name, shape.GetProperty("value"))],
        _ => [],
    };

    private static bool Is(JsonElement shape, string mark) => shape.TryGetProperty(mark, out var value) && value.ValueKind is JsonValueKind.True;

    [GeneratedRegex("(password|passwords|passphrase|secret|secretstring|secretbinary|secretvalue|secretkey|secretaccesskey|sharedkey|authkey|authtoken|accesstoken|refreshtoken|bearertoken|sessiontoken|idtoken|apikey|apikeyvalue|streamkey|masterkey|stringseed|qrcodepng|certificatewallet|pin)$", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();
}
