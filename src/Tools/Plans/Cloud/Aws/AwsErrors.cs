using System.Text;
using System.Text.Json;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Aws;

/// <summary>Refusals in the form of each protocol's own errors, so that a provider shows them instead of trying again.</summary>
internal static class AwsErrors
{
    private static readonly HttpField[] Type = [new("x-amzn-ErrorType", "AccessDeniedException")];

    /// <summary>403 in the form, with our reason.</summary>
    public static GateReply Denied(AwsForm form, string reason)
    {
        var message = "mcp-infra: " + reason;
        return form switch
        {
            AwsForm.Json or AwsForm.RestJson => new(403, "application/x-amz-json-1.1", JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["__type"] = "AccessDeniedException", ["message"] = message }), Type),
            AwsForm.Ec2 => Xml($"<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>{message}</Message></Error></Errors><RequestID>mcp-infra</RequestID></Response>"),
            AwsForm.S3 => Xml($"<Error><Code>AccessDenied</Code><Message>{message}</Message><RequestId>mcp-infra</RequestId></Error>"),
            _ => Xml($"<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>{message}</Message></Error><RequestId>mcp-infra</RequestId></ErrorResponse>"),
        };
    }

    /// <summary>The form of a request that was not understood, as far as its head tells.</summary>
    public static AwsForm Guess(GateRequest request, string service) =>
        request.One("X-Amz-Target") is not null ? AwsForm.Json : service switch
        {
            "s3" => AwsForm.S3,
            "ec2" => AwsForm.Ec2,
            _ => request.One("Content-Type") is { } type && type.Contains("json", StringComparison.OrdinalIgnoreCase) ? AwsForm.RestJson : AwsForm.Query,
        };

    private static GateReply Xml(string text) => new(403, "text/xml", Encoding.ASCII.GetBytes(text));
}
