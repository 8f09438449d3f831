using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using McpInfra.Graph.Collectors.Rest;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>A resource as AWS Config's inventory answers it.</summary>
/// <param name="Resource">In the one shape.</param>
/// <param name="ResourceId">Config's own id of it, by which others of its inventory name it.</param>
/// <param name="Relations">Others that it names: in which words, of which type and by which id.</param>
internal sealed partial record ConfigItem(Resource Resource, string ResourceId, IReadOnlyList<(string Words, string Type, string Id)> Relations)
{
    private const int PageRows = 100;
    private const string Related = "SELECT resourceId, resourceType, arn, accountId, awsRegion, relationships";
    private const string Whole = Related + ", resourceName, tags, configuration";

    private static readonly KeptFacts Facts = KeptFacts.Of("Aws");

    // What others say of a resource that stands for itself.
    private static readonly HashSet<string> Skipped = new(StringComparer.Ordinal)
    {
        "AWS::Config::ResourceCompliance", "AWS::Config::ConformancePackCompliance", "AWS::SSM::ManagedInstanceInventory", "AWS::SSM::AssociationCompliance", "AWS::SSM::PatchCompliance", "AWS::SSM::FileData",
    };

    public string Id => Resource.Id;

    public string Type => Resource.Type;

    /// <summary>Everything in the inventory of a region, or of all that an aggregator gathers, from a place on.</summary>
    public static IAsyncEnumerable<ConfigItem> AllAsync(AwsScope scope, string? aggregator, Place place, CancellationToken stop) => SelectAsync(scope, aggregator, Whole, place, stop);

    /// <summary>The same from the start, of each no more than what it is and whom it names.</summary>
    public static IAsyncEnumerable<ConfigItem> RelatedAsync(AwsScope scope, string? aggregator, CancellationToken stop) => SelectAsync(scope, aggregator, Related, null, stop);

    private static IAsyncEnumerable<ConfigItem> SelectAsync(AwsScope scope, string? aggregator, string columns, Place? place, CancellationToken stop) => Pages.ReadAsync(
        scope, token => scope.Signed.JsonAsync(AwsService.Config, aggregator is null ? "SelectResourceConfig" : "SelectAggregateResourceConfig", Query(aggregator, columns, token), stop), page => page.Text("NextToken"), stop, place)
        .SelectMany(page => AwsAnswer.List(page, "Results", "NextToken")).Select(Row).Where(row => !Skipped.Contains(row.Text("resourceType") ?? "")).Select(row => Of(row, scope));

    /// <summary>The type by CloudFormation's name where Config has another.</summary>
    public static string Named(string type) => type == "AWS::IAM::Policy" ? "AWS::IAM::ManagedPolicy" : type;

    /// <summary>Whether an id is of one resource whatever its type: `vpc-0abc…`, `AROA…`.</summary>
    public static bool IsUnique(string id) => IdForm().IsMatch(id);

    private static Dictionary<string, object> Query(string? aggregator, string columns, string? token)
    {
        var query = new Dictionary<string, object> { ["Expression"] = columns, ["Limit"] = PageRows };
        if (aggregator is not null)
        {
            query["ConfigurationAggregatorName"] = aggregator;
        }

        if (token is not null)
        {
            query["NextToken"] = token;
        }

        return query;
    }

    // A row is JSON in a text.
    private static JsonElement Row(JsonElement result)
    {
        var row = result.ValueKind is JsonValueKind.String ? JsonText.Parse(Encoding.UTF8.GetBytes(result.GetString()!)) : result;
        return row.ValueKind is JsonValueKind.Object ? row : throw new AwsException(CloudFault.Garbage, "a row that is no object");
    }

    private static ConfigItem Of(JsonElement row, AwsScope scope)
    {
        if (row.Text("resourceId") is not { } id || row.Text("resourceType") is not { } told)
        {
            throw new AwsException(CloudFault.Garbage, "a row without resourceId or resourceType");
        }

        var (type, account) = (Named(told), row.Text("accountId") ?? scope.Account);
        var region = row.Text("awsRegion") is { } place && place != "global" ? place : null;
        var tags = AwsTags.Of(row.Items("tags"), tag => tag.Text("key"), tag => tag.Text("value"));
        var configuration = Configuration(row);
        return new ConfigItem(
            new Resource
            {
                Id = row.Text("arn") ?? (id.StartsWith("arn:", StringComparison.Ordinal) ? id : $"{account}/{region}/{type}/{id}"),
                Type = type,
                Name = AwsTags.Name(tags) ?? row.Text("resourceName") ?? id[(id.LastIndexOfAny(['/', ':']) + 1)..],
                Provider = "aws",
                Account = account,
                Region = region,
                Status = configuration.Text("state") ?? configuration.Child("state")?.Text("name") ?? configuration.Text("status"),
                Tags = tags,
                Aliases = IsUnique(id) ? [id] : [],
                Configuration = Facts.Of(configuration),
            },
            id,
            [.. row.Items("relationships").Select(one => (one.Text("relationshipName") ?? one.Text("name") ?? "", Named(one.Text("resourceType") ?? ""), one.Text("resourceId") ?? "")).Where(one => one.Item2.Length > 0 && one.Item3.Length > 0)]);
    }

    private static JsonElement Configuration(JsonElement row)
    {
        try
        {
            return row.Text("configuration") is { } text ? JsonText.Parse(Encoding.UTF8.GetBytes(text)) : row.Child("configuration") ?? default;
        }
        catch (JsonException)
        {
            return default; // Some types have a text of their own there.
        }
    }

    [GeneratedRegex(@"^([a-z]{1,20}(-[a-z]{1,20})*-[0-9a-f]{8,17}|A[A-Z0-9]{3}[A-Z0-9]{12,20})\z")]
    private static partial Regex IdForm();
}
