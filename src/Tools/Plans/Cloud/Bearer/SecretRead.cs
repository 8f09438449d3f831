using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Bearer;

/// <summary>A read that hands out a secret and that a refresh cannot do without. It is answered as its cloud would, with the tokens of the sanitised state.</summary>
/// <param name="Forms">How resources of the state say it, each with the id that the read has then; the first that the state has is it.</param>
internal sealed record SecretRead(IReadOnlyList<(SecretForm Form, string Id)> Forms)
{
    /// <summary>What is said when the state has no such resource.</summary>
    public const string NotHeld = "it hands out a secret, which is answered from the state alone, and the state does not hold it; a data source that reads keys is planned once a run outside has put them into the state";

    private static readonly string[] Names = ["id", "name", "versionless_id"];
    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Asks the cloud first which version is meant, without the secret: the target to ask. Null where the id itself says it.</summary>
    public string? Named { get; init; }

    /// <summary>The answer; null when the state does not hold it.</summary>
    /// <param name="ask">Asks the cloud with the real bearer.</param>
    /// <param name="secrets">The state.</param>
    /// <param name="stop">Ends it.</param>
    public async ValueTask<GateReply?> AnswerAsync(Func<string, Task<GateReply>> ask, RunSecrets secrets, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        if (Named is null)
        {
            return Of(secrets, name: null);
        }

        var described = await ask(Named);
        if (described.Status != 200)
        {
            return described with { ContentType = "application/json" };
        }

        // A version that the state does not have yet is a new secret: it gets a token of its own.
        return Name(described.Body) is { } name ? Of(secrets, name) ?? Forms[0].Form.Reply(new JsonObject { ["name"] = name, ["secret_data"] = secrets.Token(name) }) : null;
    }

    private GateReply? Of(RunSecrets secrets, string? name) => Forms
        .Select(one => secrets.Instance(one.Form.Type, attribute => Names.Any(held => one.Form.IsOf(attribute(held), name ?? one.Id))) is { } held ? one.Form.Reply(held) : null)
        .FirstOrDefault(reply => reply is not null);

    private static string? Name(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonNode.Parse(body.Span) is JsonObject map && map["name"] is JsonValue value && value.TryGetValue<string>(out var name) ? name : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>An answer in JSON as the cloud's clients read it.</summary>
    internal static GateReply Json(int status, JsonNode answer) => new(status, "application/json; charset=utf-8", JsonSerializer.SerializeToUtf8Bytes(answer, Plain));
}
