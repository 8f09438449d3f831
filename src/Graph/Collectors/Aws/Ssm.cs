using System.Runtime.CompilerServices;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>Parameters by name and kind; their values are never asked for.</summary>
internal static class Ssm
{
    public static IReadOnlyList<Listing> Listings { get; } = [new("ssm", "AWS::SSM::Parameter", "ssm:DescribeParameters", ParametersAsync)];

    private static async IAsyncEnumerable<Observation> ParametersAsync(AwsScope scope, [EnumeratorCancellation] CancellationToken stop)
    {
        var pages = Pages.ReadAsync(
            scope,
            token => scope.Signed.JsonAsync(AwsService.Ssm, "DescribeParameters", token is null ? new { MaxResults = 50 } : new { MaxResults = 50, NextToken = token }, stop),
            p => p.Text("NextToken"),
            stop,
            scope.Place);
        await foreach (var parameter in pages.SelectMany(p => AwsAnswer.List(p, "Parameters", "NextToken")).ConfigureAwait(false))
        {
            var name = parameter.Text("Name") ?? throw new AwsException(CloudFault.Garbage, "a parameter without a name");
            var arn = parameter.Text("ARN") ?? scope.Arn("ssm", "parameter/" + name.TrimStart('/'));
            yield return scope.Seen(arn, "AWS::SSM::Parameter", name, Facts.Of(
                ("Type", parameter.Text("Type")), ("Tier", parameter.Text("Tier")), ("DataType", parameter.Text("DataType")),
                ("Version", parameter.Number("Version")), ("KeyId", parameter.Text("KeyId"))), await scope.Tags.OfAsync(arn, stop).ConfigureAwait(false));
            foreach (var relation in Relate.One(arn, RelationType.EncryptedBy, await scope.Keys.ResolveAsync(parameter.Text("KeyId"), stop).ConfigureAwait(false)))
            {
                yield return relation;
            }
        }
    }
}
