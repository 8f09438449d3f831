using System.Text.Json;
using System.Text.RegularExpressions;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.Gcp;
using McpInfra.Graph.Tests.Rest;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Graph.Tests.Gcp;

/// <summary>What Google really answered: Cloud Asset Inventory's own recorded answers, and those of the services as the assets that Cloud Asset makes of them.</summary>
public sealed partial class Recorded_answers_of_Google : IAsyncLifetime
{
    private const string Scope = "projects/cloud-custodian";

    private WireCloud google = null!;

    public async ValueTask InitializeAsync() => google = await WireCloud.StartAsync();

    public ValueTask DisposeAsync() => google.DisposeAsync();

    [Fact]
    public async Task Of_Cloud_Asset_Inventory_are_read_with_all_they_say()
    {
        var answers = Bodies().Where(one => one.Host == "cloudasset.googleapis.com").Select(one => one.Body).ToList();
        var results = answers.SelectMany(body => body.Items("results").ToArray()).Select(result => result.GetRawText()).ToList();
        var assets = answers.SelectMany(body => body.Items("assets").ToArray()).Select(asset => asset.Child("asset")!.Value.GetRawText()).ToList();
        Assert.True(results.Count > 0 && assets.Count > 0);
        var found = Assert.Single((await ScanAsync(results, [])).Resources);
        Assert.Equal(("instance-1", "us-central1-a", "cloud-custodian", "testing"), (found.Name, found.Region, found.Account, found.Tags["quarantined"]));
        var seen = await ScanAsync(results, assets);
        var whole = Assert.Single(seen.Resources);
        Assert.Equal(("instance-1", "gcp", "compute.googleapis.com/Instance"), (whole.Name, whole.Provider, whole.Type));
        Assert.Contains("network", string.Join(' ', seen.All.OfType<Observation.Related>().Select(related => related.Relation.From + related.Relation.To)));
    }

    [Fact]
    public async Task Of_the_services_lose_neither_name_place_state_label_nor_what_they_name()
    {
        var recorded = Bodies().SelectMany(one => Objects(one.Body).Select(data => (Full: FullName(one.Host, data), Data: data))).Where(one => one.Full is not null)
            .DistinctBy(one => one.Full).ToDictionary(one => one.Full!, one => one.Data);
        Assert.True(recorded.Count > 500, $"{recorded.Count} resources");
        var seen = await ScanAsync([], [.. recorded.Select(one => JsonSerializer.Serialize(new { name = one.Key, assetType = TypeOf(one.Key), resource = new { data = one.Value, location = Place().Match(one.Key) is { Success: true } place ? place.Groups[1].Value : null } }))]);
        Assert.Empty(seen.Failures);
        var byName = seen.Resources.ToDictionary(resource => resource.Aliases.FirstOrDefault(alias => alias.StartsWith("//", StringComparison.Ordinal)) ?? resource.Id);
        var named = seen.All.OfType<Observation.Related>().Select(related => (related.Relation.From, related.Relation.To)).ToHashSet();
        Assert.All(recorded, one =>
        {
            var (resource, data) = (byName[one.Key], one.Value);
            Assert.False(string.IsNullOrWhiteSpace(resource.Name));
            Assert.Equal(Labels(data), data.Child("labels") is null ? [] : resource.Tags);
            Assert.Equal(data.Text("status") ?? data.Text("state") ?? data.Text("lifecycleState"), resource.Status);
            Assert.Equal(Place().Match(one.Key) is { Success: true } place && place.Groups[1].Value != "global" ? place.Groups[1].Value : null, Place().IsMatch(one.Key) ? resource.Region : null);
            foreach (var other in new[] { "network", "subnetwork", "sourceDisk", "topic", "kmsKeyName" }.Select(member => data.Text(member) is { } text ? GcpName.Of(text) : null).OfType<GcpName>().Where(other => other.Full != one.Key))
            {
                Assert.True(named.Contains((one.Key, other.Full)) || named.Contains((other.Full, one.Key)), $"{one.Key} names {other.Full}");
            }
        });
        Assert.Superset(new HashSet<string>(["HOSTS", "CONTAINS", "ATTACHED_TO", "ROUTES_VIA"]), seen.All.OfType<Observation.Related>().Select(related => Vocabulary.Name(related.Relation.Type)).ToHashSet());
    }

    private static IEnumerable<(string Host, JsonElement Body)> Bodies() => Recordings.Below("c7n_gcp/").Where(file => file.Path.EndsWith(".json", StringComparison.Ordinal)).Select(file => JsonElement.Parse(file.Text))
        .Where(answer => answer.ValueKind is JsonValueKind.Object)
        .Select(answer => (answer.Child("headers")?.Text("content-location") is { } at && Uri.TryCreate(at, UriKind.Absolute, out var uri) ? uri.Host : "", answer.Child("body") ?? default));

    private static IEnumerable<JsonElement> Objects(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member => Objects(member.Value)).Append(value),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Objects),
        _ => [],
    };

    private static Dictionary<string, string> Labels(JsonElement data) =>
        data.Child("labels") is { ValueKind: JsonValueKind.Object } labels ? labels.EnumerateObject().Where(label => label.Value.ValueKind is JsonValueKind.String).ToDictionary(label => label.Name, label => label.Value.GetString()!) : [];

    private static string? FullName(string host, JsonElement data) =>
        data.Text("selfLink") is { } link && data.Text("name") is not null && GcpName.Of(link) is { Type.Length: > 0 } named ? named.Full
        : host.EndsWith(".googleapis.com", StringComparison.Ordinal) && data.Text("name") is { } name && Relative().IsMatch(name) ? $"//{Regional().Replace(host, "")}/{name}" : null;

    private static string TypeOf(string full) => GcpName.Of(full) is { Type: { Length: > 0 } known } ? known : $"{full.Split('/')[2]}/{full.Split('/')[^2]}";

    private Task<Observed> ScanAsync(List<string> results, List<string> assets)
    {
        google.On("GET", $"/v1/{Scope}:searchAllResources", asked => new CloudAnswer(asked.Query.ContainsKey("assetTypes") ? """{"results":[{"name":"//cloudresourcemanager.googleapis.com/projects/cloud-custodian","assetType":"cloudresourcemanager.googleapis.com/Project","project":"projects/1098479648729"}]}""" : Page(asked, "results", results)));
        google.On("GET", $"/v1/{Scope}/assets", asked => new CloudAnswer(asked.Query["contentType"] == "RELATIONSHIP" ? "{}" : Page(asked, "assets", assets)));
        var source = new SourceSettings("google", "google") { Accounts = [new("") { Endpoint = google.Endpoint, Scopes = [Scope] }] };
        return Observed.ByAsync(new GcpCollector(new GivenSecrets(), TimeProvider.System), source, TestContext.Current.CancellationToken);
    }

    private static string Page(WireCloud.Asked asked, string member, List<string> all)
    {
        var at = asked.Query.TryGetValue("pageToken", out var token) ? int.Parse(token, null) : 0;
        return $"{{\"{member}\":[{string.Join(',', all.Skip(at).Take(50))}]{(at + 50 < all.Count ? $",\"nextPageToken\":\"{at + 50}\"" : "")}}}";
    }

    [GeneratedRegex(@"^projects/[^/]+/[a-zA-Z]+/[^/]+(/[a-zA-Z]+/[^/]+)*\z")]
    private static partial Regex Relative();

    [GeneratedRegex(@"^[a-z]+-[a-z]+[0-9]-")]
    private static partial Regex Regional();

    [GeneratedRegex(@"/(?:locations|zones|regions)/([^/]+)/")]
    private static partial Regex Place();
}
