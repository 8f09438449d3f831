using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Aws;

/// <summary>
/// Reads that a refresh cannot do without but that hand out a secret: a secret's value is answered with the state's token, a parameter is asked without decryption,
/// and a role of the account is assumed by handing back the run's own dummy key.
/// </summary>
internal sealed class AwsSecretAnswers(AwsKeys keys, RunSecrets secrets, AwsSigner signer, AwsAccount account, TimeProvider time)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The decision on such a read; null when it is none.</summary>
    public async ValueTask<GateDecision?> TryAsync(GateRequest request, PresentedSignature signature, AwsAsked asked, byte[] body, CancellationToken stop) => (asked.Action.Service, asked.Action.Action) switch
    {
        ("secretsmanager", "GetSecretValue") when asked.Form is AwsForm.Json => await SecretAsync(request, signature, asked, body, stop),
        ("ssm", "GetParameter" or "GetParameters" or "GetParametersByPath") when asked.Form is AwsForm.Json => await ParameterAsync(request, signature, asked, body, stop),
        ("sts", "AssumeRole") => await RoleAsync(request, signature, asked, body, stop),
        _ => null,
    };

    private async ValueTask<GateDecision> SecretAsync(GateRequest request, PresentedSignature signature, AwsAsked asked, byte[] body, CancellationToken stop)
    {
        if (Parse(body) is not { } wanted || Text(wanted, "SecretId") is not { } id)
        {
            return Refused(asked, "the request's body cannot be read");
        }

        if (await account.FaultAsync(request, signature, asked, body, stop) is { } elsewhere)
        {
            return Refused(asked, elsewhere);
        }

        // What the secret is called is no secret; AWS says it.
        HttpField[] fields = [new("Content-Type", "application/x-amz-json-1.1"), new("X-Amz-Target", "secretsmanager.DescribeSecret")];
        var question = await signer.SignAsync(
            request.Endpoint, request.IsSecure, "POST", "/", signature.Scope, [], fields, JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["SecretId"] = id }), stop);
        var described = await request.Outside.AskAsync(asked.Action with { Action = "DescribeSecret" }, request.Endpoint, request.IsSecure, question, stop);
        if (described.Status != 200 || Parse(described.Body.ToArray()) is not { } secret || Text(secret, "ARN") is not { } arn)
        {
            return new GateDecision.Answer(asked.Action, described with { Fields = [.. (described.Fields ?? []).Where(field => field.Name.StartsWith("x-amzn-", StringComparison.OrdinalIgnoreCase) && field.Name.Length < 40)], ContentType = "application/x-amz-json-1.1" }, "asked by description");
        }

        var stage = Text(wanted, "VersionStage") ?? "AWSCURRENT";
        var version = Text(wanted, "VersionId") ?? (secret["VersionIdsToStages"] as JsonObject)?.FirstOrDefault(pair => pair.Value is JsonArray stages && stages.Any(one => one?.GetValue<string>() == stage)).Key;
        if (version is null)
        {
            return new GateDecision.Answer(asked.Action, new GateReply(400, "application/x-amz-json-1.1", "{\"__type\":\"ResourceNotFoundException\",\"message\":\"mcp-infra: the secret has no such version\"}"u8.ToArray()), "no such version");
        }

        bool Fits(Func<string, string?> attribute) => (attribute("arn") == arn || attribute("secret_id") == arn || attribute("secret_id") == Text(secret, "Name")) && attribute("version_id") is var known && (known is null || known == version);
        var binary = secrets.Find("aws_secretsmanager_secret_version", Fits, "secret_binary");
        var answer = new JsonObject
        {
            ["ARN"] = arn,
            ["Name"] = Text(secret, "Name"),
            ["VersionId"] = version,
            ["VersionStages"] = (secret["VersionIdsToStages"]?[version])?.DeepClone() ?? new JsonArray(stage),
            ["CreatedDate"] = secret["CreatedDate"]?.DeepClone(),
            [binary is null ? "SecretString" : "SecretBinary"] = binary ?? secrets.Find("aws_secretsmanager_secret_version", Fits, "secret_string") ?? secrets.Token($"{arn} {version}"),
        };
        return new GateDecision.Answer(asked.Action, new GateReply(200, "application/x-amz-json-1.1", JsonSerializer.SerializeToUtf8Bytes(answer, Plain)), "with the state's token");
    }

    private async ValueTask<GateDecision> ParameterAsync(GateRequest request, PresentedSignature signature, AwsAsked asked, byte[] body, CancellationToken stop)
    {
        if (Parse(body) is not { } wanted)
        {
            return Refused(asked, "the request's body cannot be read");
        }

        if (await account.FaultAsync(request, signature, asked, body, stop) is { } elsewhere)
        {
            return Refused(asked, elsewhere);
        }

        wanted["WithDecryption"] = false;
        var forwarded = await signer.SignAsync(request, signature.Scope, signature.Query, JsonSerializer.SerializeToUtf8Bytes(wanted, Plain), stop);
        return new GateDecision.Forward(asked.Action, forwarded with { Rewrite = Parameters });
    }

    private byte[] Parameters(byte[] body)
    {
        if (Parse(body) is not { } answer)
        {
            return "{}"u8.ToArray();
        }

        foreach (var parameter in (answer["Parameters"] as JsonArray ?? []).Append(answer["Parameter"]).OfType<JsonObject>())
        {
            var (name, value) = (Text(parameter, "Name") ?? "", Text(parameter, "Value") ?? "");
            parameter["Value"] = Text(parameter, "Type") is "String" or "StringList"
                ? secrets.Clean(name, value)
                : secrets.Find("aws_ssm_parameter", attribute => attribute("name") == name || attribute("arn") == Text(parameter, "ARN"), "value") ?? secrets.Token($"{name} {parameter["Version"]}");
        }

        return JsonSerializer.SerializeToUtf8Bytes(answer, Plain);
    }

    private async ValueTask<GateDecision> RoleAsync(GateRequest request, PresentedSignature signature, AwsAsked asked, byte[] body, CancellationToken stop)
    {
        var pairs = signature.Query.Concat(PercentText.Pairs(Encoding.Latin1.GetString(body), form: true) ?? []).ToList();
        var own = await account.IdAsync(request, signature.Scope, stop);
        if (pairs.FirstOrDefault(pair => pair.Key == "RoleArn").Value is not { } role || role.Split(':', 6) is not ["arn", _, "iam", "", var owner, _] || owner != own || role.Any(letter => !char.IsAsciiLetterOrDigit(letter) && !"+=,.@_-/:".Contains(letter, StringComparison.Ordinal)))
        {
            return Refused(asked, "the role is of another account than the stack's credential; roles of other accounts need a stack of their own");
        }

        var expires = (time.GetUtcNow() + Hour).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return new GateDecision.Answer(asked.Action, new GateReply(200, "text/xml", Encoding.UTF8.GetBytes($"""
            <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>{keys.Id}</AccessKeyId><SecretAccessKey>{keys.Secret}</SecretAccessKey><SessionToken>{keys.Token}</SessionToken><Expiration>{expires}</Expiration></Credentials><AssumedRoleUser><Arn>{role}/mcp-infra</Arn><AssumedRoleId>AROAMCPINFRA:mcp-infra</AssumedRoleId></AssumedRoleUser></AssumeRoleResult><ResponseMetadata><RequestId>mcp-infra</RequestId></ResponseMetadata></AssumeRoleResponse>
            """)), "with the run's own dummy key: the stack's credential is used, whatever role the code names");
    }

    private static GateDecision.Refuse Refused(AwsAsked asked, string reason) => new(asked.Action, reason, AwsErrors.Denied(asked.Form, reason));

    private static JsonObject? Parse(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonObject map, string name) => map[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
