using System.Runtime.CompilerServices;
using System.Text.Json;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>Functions; of their environment the names alone.</summary>
internal static class LambdaFunctions
{
    public static IReadOnlyList<Listing> Listings { get; } = [new("lambda", "AWS::Lambda::Function", "lambda:ListFunctions", FunctionsAsync)];

    private static async IAsyncEnumerable<Observation> FunctionsAsync(AwsScope scope, [EnumeratorCancellation] CancellationToken stop)
    {
        var pages = Pages.ReadAsync(
            scope, token => scope.Signed.RestAsync(AwsService.Lambda, "/2015-03-31/functions/", ("Marker", token), stop), p => p.Text("NextMarker"), stop, scope.Place);
        await foreach (var function in pages.SelectMany(p => AwsAnswer.List(p, "Functions", "NextMarker")).ConfigureAwait(false))
        {
            if (function.Text("FunctionArn") is not { } arn || function.Text("FunctionName") is not { } name)
            {
                throw new AwsException(CloudFault.Garbage, "a function without a name");
            }

            var network = function.Child("VpcConfig") ?? default;
            var queue = function.Child("DeadLetterConfig")?.Text("TargetArn");
            yield return scope.Seen(arn, "AWS::Lambda::Function", name, Facts.Of(
                ("Runtime", function.Text("Runtime")), ("Handler", function.Text("Handler")), ("Role", function.Text("Role")), ("Description", function.Text("Description")),
                ("MemorySize", function.Number("MemorySize")), ("Timeout", function.Number("Timeout")), ("PackageType", function.Text("PackageType")),
                ("Architectures", Facts.List(function.Texts("Architectures"))), ("EnvironmentVariables", Facts.List(EnvironmentNames(function))),
                ("VpcId", network.Text("VpcId")), ("SubnetIds", Facts.List(network.Texts("SubnetIds"))), ("SecurityGroupIds", Facts.List(network.Texts("SecurityGroupIds"))),
                ("KmsKeyArn", function.Text("KMSKeyArn")), ("DeadLetterTarget", queue), ("Layers", Facts.List(function.Items("Layers").Select(l => l.Text("Arn"))))),
                await scope.Tags.OfAsync(arn, stop).ConfigureAwait(false), function.Text("State"));
            IEnumerable<Observation> relations =
            [
                .. Relate.One(arn, RelationType.Assumes, function.Text("Role")),
                .. Relate.From(network.Texts("SubnetIds"), RelationType.Hosts, arn),
                .. Relate.To(arn, RelationType.SecuredBy, network.Texts("SecurityGroupIds")),
                .. Relate.One(arn, RelationType.EncryptedBy, await scope.Keys.ResolveAsync(function.Text("KMSKeyArn"), stop).ConfigureAwait(false)),
                .. Relate.One(arn, RelationType.ConnectedTo, queue),
            ];
            foreach (var relation in relations)
            {
                yield return relation;
            }
        }
    }

    private static IEnumerable<string> EnvironmentNames(JsonElement function) =>
        function.Child("Environment")?.Child("Variables") is { ValueKind: JsonValueKind.Object } variables ? variables.EnumerateObject().Select(v => v.Name) : [];
}
