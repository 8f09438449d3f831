using System.Runtime.CompilerServices;
using System.Xml.Linq;
using McpInfra.Graph.Collectors.Aws;
using McpInfra.Graph.Drift;

namespace McpInfra.Graph.Collectors.State;

/// <summary>CloudFormation's stacks and what each manages. Parameters, outputs and templates may hold secrets and are not read.</summary>
internal static class CloudFormation
{
    private const int MostResources = 1_000_000;

    public static IReadOnlyList<Listing> Listings { get; } = [new("cloudformation", StackDrift.Stack, "cloudformation:ListStacks and cloudformation:ListStackResources", StacksAsync)];

    private static async IAsyncEnumerable<Observation> StacksAsync(AwsScope scope, [EnumeratorCancellation] CancellationToken stop)
    {
        var place = scope.Place ?? new Place();
        var pages = Pages.ReadAsync(
            scope, token => scope.Signed.QueryAsync(AwsService.CloudFormation, "ListStacks", [("NextToken", token)], stop), page => page.Text("NextToken"), stop, place);
        await foreach (var page in pages.ConfigureAwait(false))
        {
            var stacks = AwsAnswer.List(page, "StackSummaries", "NextToken").Where(stack => stack.Text("StackStatus") is not ("DELETE_COMPLETE" or null));
            await foreach (var told in Pages.EachAsync(stacks, stack => StackAsync(scope, stack, stop), stop).ConfigureAwait(false))
            {
                place.Rows += told.Count;
                if (place.Rows > MostResources)
                {
                    throw new AwsException(CloudFault.TooLarge, $"more than {MostResources} resources of stacks");
                }

                foreach (var observation in told)
                {
                    yield return observation;
                }
            }
        }
    }

    private static async Task<List<Observation>> StackAsync(AwsScope scope, XElement stack, CancellationToken stop)
    {
        var id = stack.Text("StackId") ?? throw new AwsException(CloudFault.Garbage, "a stack without StackId");
        var name = stack.Text("StackName") ?? id;
        var (told, drifted) = (new List<Observation>(), new List<string>());
        var pages = Pages.ReadAsync(
            scope, token => scope.Signed.QueryAsync(AwsService.CloudFormation, "ListStackResources", [("StackName", id), ("NextToken", token)], stop), page => page.Text("NextToken"), stop);
        await foreach (var resource in pages.SelectMany(page => AwsAnswer.List(page, "StackResourceSummaries", "NextToken")).ConfigureAwait(false))
        {
            if (resource.Text("PhysicalResourceId") is { } physical && resource.Text("ResourceStatus") != "DELETE_COMPLETE" && resource.Text("LogicalResourceId") is { } logical)
            {
                var key = Key(scope, resource.Text("ResourceType") ?? "", physical);
                told.Add(new Observation.ManagedBy(new Managed(key, $"{name}/{logical}", "cloudformation", name)));
                told.Add(new Observation.Related(new Relation(id, RelationType.Contains, key)));
                if (resource.Child("DriftInformation").Text("StackResourceDriftStatus") is ("MODIFIED" or "DELETED") and var status)
                {
                    drifted.Add($"{logical} {status}");
                }
            }
        }

        var asked = new Asked();
        var differences = drifted.Count == 0 ? null : await asked.Async(CloudFormationDrift.Permission, () => CloudFormationDrift.ReadAsync(scope, id, stop)).ConfigureAwait(false);
        return
        [
            scope.Seen(
                id, StackDrift.Stack, name,
                Facts.Of(
                    ("DriftStatus", stack.Child("DriftInformation").Text("StackDriftStatus")), ("DriftedResources", Facts.List(drifted)), (StackDrift.Fact, differences),
                    ("ParentId", stack.Text("ParentId")), ("NotRead", Facts.List(asked.Refused))),
                status: stack.Text("StackStatus"), aliases: [name]),
            .. told,
        ];
    }

    /// <summary>The id under which the graph knows what a stack calls by its plain name.</summary>
    private static string Key(AwsScope scope, string type, string physical) => physical.StartsWith("arn:", StringComparison.Ordinal) ? physical : type switch
    {
        "AWS::SQS::Queue" => scope.Arn("sqs", physical[(physical.LastIndexOf('/') + 1)..]),
        "AWS::S3::Bucket" => $"arn:{scope.Partition}:s3:::{physical}",
        "AWS::IAM::Role" => $"arn:{scope.Partition}:iam::{scope.Account}:role/{physical}",
        "AWS::IAM::InstanceProfile" => $"arn:{scope.Partition}:iam::{scope.Account}:instance-profile/{physical}",
        "AWS::Lambda::Function" => scope.Arn("lambda", $"function:{physical}"),
        "AWS::DynamoDB::Table" => scope.Arn("dynamodb", $"table/{physical}"),
        "AWS::KMS::Key" => scope.Arn("kms", $"key/{physical}"),
        "AWS::RDS::DBInstance" => scope.Arn("rds", $"db:{physical}"),
        "AWS::SSM::Parameter" => scope.Arn("ssm", $"parameter/{physical.TrimStart('/')}"),
        _ => physical,
    };
}
