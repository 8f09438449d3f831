using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.Oci;
using McpInfra.Graph.Tests.Rest;
using McpInfra.TestKit;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace McpInfra.Graph.Tests.Oci;

/// <summary>What OCI really answered: rows of its search, and the services' own answers for what the search names.</summary>
public sealed class Recorded_answers_of_OCI : IAsyncLifetime
{
    private const string Tenancy = "ocid1.tenancy.oc1..aaaa";
    private readonly RSA key = RSA.Create(2048);
    private WireCloud oci = null!;

    public async ValueTask InitializeAsync() => oci = await WireCloud.StartAsync();

    public async ValueTask DisposeAsync()
    {
        key.Dispose();
        await oci.DisposeAsync();
    }

    [Fact]
    public async Task Arrive_fact_by_fact()
    {
        var told = Told().Where(one => one.Row["lifecycleState"]?.ToString() is not "TERMINATED").ToList(); // What has ended is no resource any more.
        Assert.True(told.Count > 100 && told.Select(one => one.Type).Distinct().Count() >= 6, $"{told.Count} resources");
        oci.On("POST", "/20180409/resources", JsonSerializer.Serialize(new { items = told.Select(one => one.Row) }));
        oci.On("GET", "/n", "\"space\"");
        foreach (var one in told.Where(one => one.Detail is not null))
        {
            oci.On("GET", OciDetail.Of(one.Type)!.PathOf(one.Id, one.Row["displayName"]?.ToString() ?? "", "space"), one.Detail!.ToJsonString());
        }

        var source = new SourceSettings("oci", "oci") { Accounts = [new("") { Endpoint = oci.Endpoint, Regions = ["us-ashburn-1"] }] };
        var seen = await Observed.ByAsync(new OciCollector(new GivenSecrets(_ => new SourceSecret(key.ExportPkcs8PrivateKeyPem(), $"{Tenancy}/u/f")), TimeProvider.System), source, TestContext.Current.CancellationToken);
        Assert.Empty(seen.Failures);
        var facts = new RecordedFacts(seen, "Oci");
        Assert.Equal(told.Count, seen.Resources.Count);
        foreach (var one in told)
        {
            facts.Compare(one.Id, JsonSerializer.SerializeToElement(one.Row));
            facts.Compare(one.Id, JsonSerializer.SerializeToElement(one.Detail));
        }

        facts.Check();
    }

    // Whoever recorded them gave many one id; each is one of its own here.
    private static List<(string Id, string Type, JsonNode Row, JsonNode? Detail)> Told()
    {
        var told = new List<(string, string, JsonNode, JsonNode?)>();
        foreach (var one in Recordings.Below("c7n_oci/").Where(file => file.Path.EndsWith(".yml", StringComparison.Ordinal)).SelectMany(file => Answers(file.Text.Replace("<unique_ID>", "unique", StringComparison.Ordinal))).SelectMany(Objects).DistinctBy(one => one.ToJsonString()))
        {
            var (found, given) = (one["resourceType"]?.ToString(), (one["identifier"] ?? one["id"])!.ToString());
            if (given.Split('.') is not ["ocid1", var kind, ..] || (found ?? Type(kind)) is not { } type)
            {
                continue;
            }

            var id = $"ocid1.{kind}.oc1.iad.recorded{told.Count}";
            var name = (one["displayName"] ?? one["name"])?.ToString();
            one[one["identifier"] is null ? "id" : "identifier"] = id;
            told.Add(found is not null ? (id, type, one, null)
                : (id, type, new JsonObject { ["identifier"] = id, ["resourceType"] = type, ["displayName"] = type == "Bucket" ? $"{name}{told.Count}" : name, ["compartmentId"] = one["compartmentId"]?.DeepClone(), ["freeformTags"] = one["freeformTags"]?.DeepClone(), ["definedTags"] = one["definedTags"]?.DeepClone() }, one));
        }

        return told;
    }

    private static string? Type(string kind) => kind switch
    {
        "instance" => "Instance", "vcn" => "Vcn", "subnet" => "Subnet", "bucket" => "Bucket", "user" => "User", "group" => "Group", "compartment" => "Compartment", "dns-zone" => "CustomerDnsZone", _ => null,
    };

    private static IEnumerable<JsonObject> Objects(JsonNode? answer) => answer switch
    {
        JsonArray list => list.SelectMany(Objects),
        JsonObject one when one["items"] is JsonArray items => items.SelectMany(Objects),
        JsonObject one when one["identifier"] is not null || one["id"] is not null => [(JsonObject)one.DeepClone()],
        _ => [],
    };

    private static IEnumerable<JsonNode?> Answers(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return ((YamlSequenceNode)stream.Documents[0].RootNode["interactions"]).OfType<YamlMappingNode>().Select(one => one["response"]).OfType<YamlMappingNode>()
            .Select(response => response.Children.TryGetValue(new YamlScalarNode("body"), out var body) && body is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode("data"), out var data) ? Json(data) : null);
    }

    // They were recorded as YAML; what is not quoted there is a truth value or a number as YAML reads it.
    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(pair => KeyValuePair.Create(pair.Key.ToString(), Json(pair.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Select(Json)]),
        YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain, Value: "null" or "~" or "" } => null,
        YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain, Value: "true" or "false" } truth => truth.Value == "true",
        YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain } scalar when decimal.TryParse(scalar.Value, System.Globalization.CultureInfo.InvariantCulture, out var number) => number,
        _ => node.ToString(),
    };
}
