using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Graph.Drift;

namespace McpInfra.Graph.Collectors.State;

/// <summary>Attributes of a state's object that are compared with what a cloud says, in the form in which they are.</summary>
internal static class StateAttributes
{
    private const int MostPolicy = 20_000;
    private const int MostKeys = 200;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The value; what it means that there is none where the state says so; null when the state does not tell it readably.</summary>
    public static JsonNode? Read(StateInstance instance, ComparedAttribute attribute)
    {
        if (Walk(instance.Attributes, attribute.State) is not var (value, path) || (attribute.Form is ComparedForm.Names ? instance.IsSensitive(path) : instance.HoldsSensitive(path)))
        {
            return null;
        }

        return attribute.Form switch
        {
            ComparedForm.Rules => SecurityRules.Inline(instance, value),
            ComparedForm.Routes => RouteLines.Inline(value),
            _ when IsEmpty(value) => attribute.None is { } none ? JsonValue.Create(none) : null,
            ComparedForm.Names => value.ValueKind is JsonValueKind.Object ? Facts.List(value.EnumerateObject().Select(member => member.Name).Take(MostKeys)) : null,
            ComparedForm.Policy => Policy(value),
            _ => StateFacts.Safe(instance, path, value),
        };
    }

    /// <summary>Through blocks, each of which is a list of one; a block that is not there ends the walk.</summary>
    private static (JsonElement Value, string Path)? Walk(JsonElement value, string path)
    {
        var walked = "";
        foreach (var step in path.Split('.'))
        {
            if (value.ValueKind is JsonValueKind.Array && value.GetArrayLength() == 1 && value[0].ValueKind is JsonValueKind.Object)
            {
                (value, walked) = (value[0], walked + ".0");
            }

            if (walked.Length > 0 && IsEmpty(value))
            {
                return (value, walked);
            }

            if (value.ValueKind is not JsonValueKind.Object || !value.TryGetProperty(step, out var inner))
            {
                return null;
            }

            (value, walked) = (inner, walked.Length == 0 ? step : $"{walked}.{step}");
        }

        return (value, walked);
    }

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => true,
        JsonValueKind.String => value.GetString()!.Length == 0,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        _ => false,
    };

    private static JsonNode? Policy(JsonElement value)
    {
        if (value.ValueKind is not JsonValueKind.String || value.GetString() is not { Length: <= MostPolicy } text || SecretShapes.IsSecretValue(text))
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(text, documentOptions: Strict);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
