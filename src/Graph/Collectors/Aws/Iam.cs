using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>Roles, customer managed policies and instance profiles: the account's, read in bulk.</summary>
internal static class Iam
{
    public static IReadOnlyList<Listing> Listings { get; } =
    [
        new("iam", "AWS::IAM::Role", "iam:GetAccountAuthorizationDetails", RolesAsync) { Global = true },
        new("iam", "AWS::IAM::ManagedPolicy", "iam:GetAccountAuthorizationDetails and iam:ListPolicyTags", PoliciesAsync) { Global = true },
        new("iam", "AWS::IAM::InstanceProfile", "iam:ListInstanceProfiles", InstanceProfilesAsync) { Global = true },
    ];

    private static async IAsyncEnumerable<Observation> RolesAsync(AwsScope scope, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var role in DetailsAsync(scope, "Role", "RoleDetailList", scope.Place, stop).ConfigureAwait(false))
        {
            var arn = Arn(role);
            var attached = role.Items("AttachedManagedPolicies").Select(p => p.Text("PolicyArn")).ToArray();
            yield return scope.Seen(arn, "AWS::IAM::Role", role.Text("RoleName") ?? arn, Facts.Of(
                ("Path", role.Text("Path")), ("AssumeRolePolicyDocument", Document(role.Text("AssumeRolePolicyDocument"))), ("ManagedPolicyArns", Facts.List(attached)),
                ("InlinePolicies", Facts.List(role.Items("RolePolicyList").Select(p => p.Text("PolicyName")))),
                ("PermissionsBoundary", role.Child("PermissionsBoundary").Text("PermissionsBoundaryArn"))), role.Tags("Tags"), aliases: [role.Text("RoleId")], global: true);
            IEnumerable<Observation> relations =
            [
                .. Relate.To(arn, RelationType.Uses, attached.Where(p => p?.Contains(":iam::aws:", StringComparison.Ordinal) == false)),
                .. Relate.From(role.Items("InstanceProfileList").Select(p => p.Text("Arn")), RelationType.Uses, arn),
            ];
            foreach (var relation in relations)
            {
                yield return relation;
            }
        }
    }

    private static async IAsyncEnumerable<Observation> PoliciesAsync(AwsScope scope, [EnumeratorCancellation] CancellationToken stop)
    {
        var policies = DetailsAsync(scope, "LocalManagedPolicy", "Policies", null, stop).Where(p => !Arn(p).Contains(":iam::aws:", StringComparison.Ordinal));
        await foreach (var few in policies.Chunk(100).ConfigureAwait(false))
        {
            await foreach (var policy in Pages.EachAsync(few, p => PolicyAsync(scope, p, stop), stop).ConfigureAwait(false))
            {
                yield return policy;
            }
        }
    }

    private static async Task<Observation> PolicyAsync(AwsScope scope, XElement policy, CancellationToken stop)
    {
        var arn = Arn(policy);
        var asked = new Asked(); // The listing leaves tags out.
        var tags = await asked.Async("iam:ListPolicyTags", () => scope.Signed.QueryAsync(AwsService.Iam, "ListPolicyTags", [("PolicyArn", arn)], stop)).ConfigureAwait(false);
        var standing = policy.Items("PolicyVersionList").FirstOrDefault(v => v.Flag("IsDefaultVersion") == true);
        return scope.Seen(arn, "AWS::IAM::ManagedPolicy", arn[(arn.LastIndexOf('/') + 1)..], Facts.Of(
            ("Path", policy.Text("Path")), ("Description", policy.Text("Description")), ("AttachmentCount", policy.Number("AttachmentCount")),
            ("DefaultVersionId", policy.Text("DefaultVersionId")), ("PolicyDocument", Document(standing.Text("Document"))), ("NotRead", Facts.List(asked.Refused))),
            tags.Tags("Tags"), aliases: [policy.Text("PolicyId")], global: true);
    }

    private static async IAsyncEnumerable<Observation> InstanceProfilesAsync(AwsScope scope, [EnumeratorCancellation] CancellationToken stop)
    {
        var pages = Pages.ReadAsync(
            scope, token => scope.Signed.QueryAsync(AwsService.Iam, "ListInstanceProfiles", [("MaxItems", "1000"), ("Marker", token)], stop), p => p.Text("Marker"), stop, scope.Place);
        await foreach (var profile in pages.SelectMany(p => AwsAnswer.List(p, "InstanceProfiles", "Marker")).ConfigureAwait(false))
        {
            var arn = Arn(profile);
            var roles = profile.Items("Roles").Select(r => r.Text("Arn")).ToArray();
            yield return scope.Seen(arn, "AWS::IAM::InstanceProfile", profile.Text("InstanceProfileName") ?? arn,
                Facts.Of(("Path", profile.Text("Path")), ("Roles", Facts.List(roles))), profile.Tags("Tags"), aliases: [profile.Text("InstanceProfileId")], global: true);
            foreach (var relation in Relate.To(arn, RelationType.Uses, roles))
            {
                yield return relation;
            }
        }
    }

    private static IAsyncEnumerable<XElement> DetailsAsync(AwsScope scope, string filter, string list, Place? place, CancellationToken stop) =>
        Pages.ReadAsync(
            scope,
            token => scope.Signed.QueryAsync(AwsService.Iam, "GetAccountAuthorizationDetails", [("Filter.member.1", filter), ("MaxItems", "1000"), ("Marker", token)], stop),
            p => p.Text("Marker"),
            stop,
            place).SelectMany(p => AwsAnswer.List(p, list, "Marker"));

    private static string Arn(XElement element) => element.Text("Arn") ?? throw new AwsException(CloudFault.Garbage, "an entry without Arn");

    // IAM writes documents percent-encoded.
    private static JsonNode? Document(string? encoded)
    {
        try
        {
            return encoded is null ? null : JsonNode.Parse(Uri.UnescapeDataString(encoded));
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
