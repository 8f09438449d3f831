using Amazon.Runtime;
using McpInfra.Guardrails.Credentials;

namespace McpInfra.Tools.Credentials.Aws;

/// <summary>Says why STS gave nothing and what mends it, in our own words: a service's message may name people and hosts.</summary>
internal static class AwsRefusals
{
    public static string Explain(Exception error, CloudCredential credential, TokenService service)
    {
        var identity = (AwsIdentity)credential.Identity;
        var who = identity.Profile is { } profile ? $"profile {profile}" : "the ambient chain";
        var code = (error as AmazonServiceException)?.ErrorCode;
        return code switch
        {
            null or "" => "AWS STS does not answer; check the network, `sts` and `region`.",
            "AccessDenied" or "AccessDeniedException" when identity.Role is { } role =>
                $"AWS refused sts:AssumeRole of {role.Arn} to {who}; its trust policy must allow that identity{(role.ExternalId is null ? ", and if it asks for an external id, `external_id` must name it" : " with this `external_id`")}.",
            "AccessDenied" or "AccessDeniedException" when credential.IsFederated && !service.IsSession => $"AWS refused sts:GetFederationToken to {who}, by which a user's keys are narrowed for plans; allow it to the user, or name a role in `assume_role`.",
            "AccessDenied" or "AccessDeniedException" => $"AWS refused sts:GetCallerIdentity to {who}; check the network's endpoint policies.",
            "ExpiredToken" or "ExpiredTokenException" when ClockSkew.Words(service.Date, service.Here) is null => $"the keys of {who} have expired; sign in again or renew them.",
            "PackedPolicyTooLarge" or "PackedPolicyTooLargeException" => "AWS says that the session policy is too large for this role; name a shorter one in `session_policy`.",
            "MalformedPolicyDocument" or "MalformedPolicyDocumentException" => "AWS does not read the session policy; correct the file that `session_policy` names.",
            "RegionDisabledException" => "AWS STS is switched off in that `region`; name another.",
            "ValidationError" => "AWS STS takes one of `role_arn`, `external_id` and `session_name` for malformed.",
            _ when ClockSkew.Words(service.Date, service.Here) is { } clock => clock + ".",
            "InvalidClientTokenId" or "SignatureDoesNotMatch" or "UnrecognizedClientException" or "InvalidAccessKeyId" or "AuthFailure" or "RequestExpired" or "IncompleteSignature" =>
                $"AWS did not accept the keys of {who}; renew them.",
            _ => $"AWS STS answered HTTP {(int)((AmazonServiceException)error).StatusCode}; try again later, or check `sts` and `region`.",
        };
    }
}
