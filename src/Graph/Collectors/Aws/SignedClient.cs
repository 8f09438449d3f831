using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using Amazon.Runtime.Internal.Util;
using Amazon.SecurityToken;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>Asks the services that have no package, in their three protocols, signed by the SDK's own signer.</summary>
internal sealed class SignedClient(AwsConnection connection, string region)
{
    private readonly AWS4Signer _signer = new();
    private readonly AmazonSecurityTokenServiceConfig _config = connection.Configure(new AmazonSecurityTokenServiceConfig(), region);

    /// <summary>Query protocol: the answer's `…Result` element.</summary>
    public async Task<XElement> QueryAsync(AwsService service, string action, IEnumerable<(string Name, string? Value)> parameters, CancellationToken stop)
    {
        var form = string.Join('&', parameters.Prepend(("Version", service.Version)).Prepend(("Action", action))
            .Where(p => p.Item2 is not null).Select(p => $"{p.Item1}={Uri.EscapeDataString(p.Item2!)}"));
        using var answer = await SendAsync(service, "POST", "/", null, form, "application/x-www-form-urlencoded; charset=utf-8", null, stop).ConfigureAwait(false);
        var root = AwsXml.Parse(await answer.Content.ReadAsStreamAsync(stop).ConfigureAwait(false));
        return root.Child(action + "Result") ?? throw new AwsException(CloudFault.Garbage, "an answer without a result");
    }

    /// <summary>JSON 1.1 protocol.</summary>
    public Task<JsonElement> JsonAsync(AwsService service, string action, object arguments, CancellationToken stop) =>
        ReadAsync(SendAsync(service, "POST", "/", null, JsonSerializer.Serialize(arguments), "application/x-amz-json-1.1", $"{service.Version}.{action}", stop), stop);

    /// <summary>REST-JSON protocol.</summary>
    public Task<JsonElement> RestAsync(AwsService service, string path, (string Name, string? Value) parameter, CancellationToken stop) =>
        ReadAsync(SendAsync(service, "GET", path, parameter, null, null, null, stop), stop);

    /// <summary>REST-JSON protocol, asked with a body.</summary>
    public Task<JsonElement> RestAsync(AwsService service, string path, object body, CancellationToken stop) =>
        ReadAsync(SendAsync(service, "POST", path, null, JsonSerializer.Serialize(body), "application/json", null, stop), stop);

    private static async Task<JsonElement> ReadAsync(Task<HttpResponseMessage> sending, CancellationToken stop)
    {
        using var answer = await sending.ConfigureAwait(false);
        return JsonText.Parse(await answer.Content.ReadAsByteArrayAsync(stop).ConfigureAwait(false));
    }

    private async Task<HttpResponseMessage> SendAsync(
        AwsService service, string method, string path, (string Name, string? Value)? parameter, string? body, string? bodyType, string? target, CancellationToken stop)
    {
        using var request = new DefaultRequest(new Unmodelled(), service.SigningName)
        {
            HttpMethod = method,
            Endpoint = connection.Endpoint ?? service.Endpoint(RegionEndpoint.GetBySystemName(region)),
            ResourcePath = path,
            AuthenticationRegion = region,
            Content = body is null ? null : Encoding.UTF8.GetBytes(body),
            UseQueryString = body is null,
            OverrideSigningServiceName = service.SigningName,
        };
        if (parameter is { Value: { } value })
        {
            request.Parameters[parameter.Value.Name] = value;
        }

        if (bodyType is not null)
        {
            request.Headers["Content-Type"] = bodyType;
        }

        if (target is not null)
        {
            request.Headers["X-Amz-Target"] = target;
        }

        await SignAsync(request).ConfigureAwait(false);
        using var message = Message(request, body);
        var answer = await connection.Http.SendAsync(message, stop).ConfigureAwait(false);
        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            var error = await answer.Content.ReadAsByteArrayAsync(stop).ConfigureAwait(false);
            throw AwsException.Answered(AwsErrorCodes.Read(answer, error), (int)answer.StatusCode);
        }
    }

    private async Task SignAsync(DefaultRequest request)
    {
        var keys = await connection.Credentials.GetCredentialsAsync().ConfigureAwait(false);
        if (keys.UseToken)
        {
            request.Headers["X-Amz-Security-Token"] = keys.Token;
        }

        var signature = _signer.SignRequest(request, _config, new RequestMetrics(), keys.AccessKey, keys.SecretKey);
        request.Headers["Authorization"] = signature.ForAuthorizationHeader;
    }

    private static HttpRequestMessage Message(DefaultRequest request, string? body)
    {
        var query = string.Join('&', request.UseQueryString ? request.Parameters.Select(p => $"{Uri.EscapeDataString(p.Key)}={Uri.EscapeDataString(p.Value)}") : []);
        var message = new HttpRequestMessage(
            new HttpMethod(request.HttpMethod), new UriBuilder(request.Endpoint) { Path = request.ResourcePath, Query = query }.Uri);
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(body is null ? "application/json" : "*/*"));
        if (body is not null)
        {
            message.Content = new ByteArrayContent(request.Content);
        }

        foreach (var (name, value) in request.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return message;
    }

    private sealed class Unmodelled : AmazonWebServiceRequest;
}
