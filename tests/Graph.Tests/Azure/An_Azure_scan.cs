using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.Azure;
using McpInfra.Graph.Collectors.Rest;
using McpInfra.Graph.Scan;
using McpInfra.Graph.Tests.Rest;
using McpInfra.TestKit;
using Xunit;
using static McpInfra.Graph.Tests.Azure.ResourceGraphServer;

namespace McpInfra.Graph.Tests.Azure;

public sealed class An_Azure_scan : A_scan_over_REST, IAsyncLifetime
{
    private const string Group = $"/subscriptions/{Prod}/resourceGroups/app/providers";
    private readonly QuickTime time = new();
    private ResourceGraphServer azure = null!;

    public async ValueTask InitializeAsync()
    {
        azure = await StartAsync(Prod);
        azure.Add(Prod, "Resources", $$$$"""
            {"id":"{{{{Group}}}}/Microsoft.Compute/virtualMachines/web","name":"web","type":"microsoft.compute/virtualmachines","location":"westeurope","zones":["1"],"tags":{"environment":"prod","api_key":"hunter2-in-a-tag"},
             "identity":{"type":"UserAssigned","userAssignedIdentities":{"{{{{Group}}}}/Microsoft.ManagedIdentity/userAssignedIdentities/web-id":{"clientId":"c","principalId":"p"}}},
             "properties":{"provisioningState":"Succeeded","hardwareProfile":{"vmSize":"Standard_D2s_v5"},"osProfile":{"adminUsername":"ops","adminPassword":"hunter2-in-a-profile","customData":"hunter2-in-data"},
               "extended":{"instanceView":{"powerState":{"displayStatus":"VM running"}}},"storageProfile":{"osDisk":{"osType":"Linux","managedDisk":{"id":"{{{{Group}}}}/Microsoft.Compute/disks/web-os"}}},
               "networkProfile":{"networkInterfaces":[{"id":"{{{{Group}}}}/Microsoft.Network/networkInterfaces/web-nic"}]}}}
            """).Add(Prod, "Resources", $$$$"""
            {"id":"{{{{Group}}}}/Microsoft.Network/networkInterfaces/web-nic","name":"web-nic","type":"microsoft.network/networkinterfaces","location":"westeurope",
             "properties":{"virtualMachine":{"id":"{{{{Group}}}}/Microsoft.Compute/virtualMachines/web"},"ipConfigurations":[{"id":"{{{{Group}}}}/Microsoft.Network/networkInterfaces/web-nic/ipConfigurations/one",
               "properties":{"subnet":{"id":"{{{{Group}}}}/Microsoft.Network/virtualNetworks/net/subnets/apps"},"publicIPAddress":{"id":"{{{{Group}}}}/Microsoft.Network/publicIPAddresses/web-ip"}}}]}}
            """).Add(Prod, "Resources", $$$$"""
            {"id":"{{{{Group}}}}/Microsoft.Network/virtualNetworks/net","name":"net","type":"microsoft.network/virtualnetworks","location":"westeurope",
             "properties":{"addressSpace":{"addressPrefixes":["10.0.0.0/16"]},"virtualNetworkPeerings":[{"id":"{{{{Group}}}}/Microsoft.Network/virtualNetworks/net/virtualNetworkPeerings/hub","properties":{"remoteVirtualNetwork":{"id":"/subscriptions/{{{{Test}}}}/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub"}}}],
               "subnets":[{"id":"{{{{Group}}}}/Microsoft.Network/virtualNetworks/net/subnets/apps","name":"apps","properties":{"addressPrefix":"10.0.1.0/24","networkSecurityGroup":{"id":"{{{{Group}}}}/Microsoft.Network/networkSecurityGroups/guard"},
                 "ipConfigurations":[{"id":"{{{{Group}}}}/MICROSOFT.NETWORK/NETWORKINTERFACES/WEB-NIC/IPCONFIGURATIONS/ONE"}]}}]}}
            """).Add(Prod, "Resources", $$$$"""
            {"id":"{{{{Group}}}}/Microsoft.Network/networkSecurityGroups/guard","name":"guard","type":"microsoft.network/networksecuritygroups","location":"westeurope",
             "properties":{"securityRules":[{"name":"ssh","properties":{"access":"Allow","direction":"Inbound","protocol":"TCP","sourceAddressPrefix":"*","destinationPortRange":"22","priority":100}}],"subnets":[{"id":"{{{{Group}}}}/Microsoft.Network/virtualNetworks/net/subnets/apps"}]}}
            """).Add(Prod, "Resources", $$$$"""
            {"id":"{{{{Group}}}}/Microsoft.Compute/disks/web-os","name":"web-os","type":"microsoft.compute/disks","location":"westeurope","managedBy":"{{{{Group}}}}/Microsoft.Compute/virtualMachines/web","sku":{"name":"Premium_LRS"},
             "properties":{"diskSizeGB":64,"encryption":{"diskEncryptionSetId":"{{{{Group}}}}/Microsoft.Compute/diskEncryptionSets/des"}}}
            """).Add(Prod, "Resources", $$$$"""
            {"id":"{{{{Group}}}}/Contoso.Rockets/launchPads/pad","name":"pad","type":"contoso.rockets/launchpads","location":"global","properties":{"isArmed":true,"boosters":3,"launchPhrase":"hunter2-in-words","fuel":{"tankId":"{{{{Group}}}}/Contoso.Fuel/tanks/lox"}}}
            """);
    }

    public ValueTask DisposeAsync() => azure.DisposeAsync();

    [Fact]
    public async Task Gives_every_resource_the_one_shape()
    {
        var seen = await ScanAsync();
        var web = seen["web"];
        Assert.Equal(($"{Group}/Microsoft.Compute/virtualMachines/web", "Microsoft.Compute/virtualMachines", "azure", Prod, "westeurope", "VM running"), (web.Id, web.Type, web.Provider, web.Account, web.Region, web.Status));
        Assert.Equal("prod", web.Tags["environment"]);
        Assert.Equal("Standard_D2s_v5", web.Configuration["hardwareProfile.vmSize"]!.GetValue<string>());
        Assert.Equal("Premium_LRS", seen["web-os"].Configuration["sku.name"]!.GetValue<string>());
        Assert.Equal(64, seen["web-os"].Configuration["diskSizeGB"]!.GetValue<int>());
        Assert.Equal("22", seen["guard"].Configuration["securityRules"]![0]!["properties.destinationPortRange"]!.GetValue<string>());
        Assert.Equal(("Microsoft.Network/virtualNetworks/subnets", "10.0.1.0/24"), (seen["apps"].Type, seen["apps"].Configuration["addressPrefix"]!.GetValue<string>()));
        Assert.Equal("Microsoft.Resources/subscriptions/resourceGroups", seen["app"].Type, ignoreCase: true);
        Assert.Empty(seen.Failures);
        Assert.Equal([new Observation.Complete(Prod, null, "*"), new Observation.Complete(Prod, null, Finding.Scope)], seen.Complete);
    }

    [Fact]
    public async Task Tells_relations_once_whichever_end_names_the_other()
    {
        var seen = await ScanAsync();
        Assert.Equal(
        [
            "app CONTAINS guard", "app CONTAINS net", "app CONTAINS pad", "app CONTAINS web", "app CONTAINS web-nic", "app CONTAINS web-os",
            "apps HOSTS web-nic", "apps SECURED_BY guard", "net CONTAINS apps", "net PEERED_WITH hub", "pad USES lox", "sub-1 CONTAINS app",
            "web ASSUMES web-id", "web-nic ATTACHED_TO web", "web-nic USES web-ip", "web-os ATTACHED_TO web", "web-os ENCRYPTED_BY des",
        ], seen.Relations.Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Keeps_a_type_that_it_does_not_know_with_what_can_be_told_of_it()
    {
        var pad = (await ScanAsync())["pad"];
        Assert.Equal(("contoso.rockets/launchpads", null, """{"boosters":3,"isArmed":true}"""), (pad.Type.ToLowerInvariant(), pad.Region, pad.Configuration.ToJsonString()));
    }

    [Fact]
    public async Task Sends_the_token_of_each_account_to_its_own_endpoint_only()
    {
        await using var other = await StartAsync(Test);
        var source = new SourceSettings("azure", "azure") { Accounts = [new("one") { Endpoint = azure.Wire.Endpoint }, new("two") { Endpoint = other.Wire.Endpoint, Scopes = [Test] }] };
        var seen = await Observed.ByAsync(Collector(), source, TestContext.Current.CancellationToken);
        Assert.Equal([Prod, Test], seen.Complete.Select(complete => complete.Account!).Distinct().Order());
        Assert.All(azure.Wire.Requests, request => Assert.Equal("Bearer token-of-one", request.Authorization));
        Assert.All(other.Wire.Requests, request => Assert.Equal("Bearer token-of-two", request.Authorization));
    }

    [Fact]
    public async Task Only_queries()
    {
        await ScanAsync();
        Assert.All(azure.Wire.Requests, request => Assert.Equal(("POST", ResourceGraphServer.Path, "2022-10-01"), (request.Method, request.Path, request.Query["api-version"])));
        Assert.All(azure.Wire.Requests.Where(request => request.Body.Contains("subscriptions\":", StringComparison.Ordinal)), request => Assert.Equal(Prod, request.Json.GetProperty("subscriptions")[0].GetString()));
    }

    [Fact]
    public async Task Reads_every_page()
    {
        azure.PageRows = 2;
        Assert.Equal(9, (await ScanAsync()).Resources.Count);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("3600", 30)]
    public async Task Waits_as_long_as_it_is_asked_to_but_no_longer_than_the_limit(string asked, int seconds)
    {
        Refuse(times: 1, 429, ("Retry-After", asked));
        Assert.Empty((await ScanAsync()).Failures);
        Assert.Contains(TimeSpan.FromSeconds(seconds), time.Pauses);
    }

    [Fact]
    public async Task Waits_for_the_quota_before_it_would_be_refused()
    {
        var first = true;
        azure.Wire.On(asked =>
        {
            if (!first)
            {
                return null;
            }

            first = false;
            return new CloudAnswer($$$$"""{"totalRecords":1,"count":1,"data":[{"id":"/subscriptions/{{{{Prod}}}}","subscriptionId":"{{{{Prod}}}}"}],"resultTruncated":"false"}""", Headers: [("x-ms-user-quota-remaining", "0"), ("x-ms-user-quota-resets-after", "00:00:04")]);
        });
        await ScanAsync();
        Assert.Equal([TimeSpan.FromSeconds(4)], time.Pauses.Where(pause => pause > TimeSpan.Zero && pause < TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task Gives_up_what_throttles_on()
    {
        Refuse(times: int.MaxValue, 429);
        var refused = await Assert.ThrowsAsync<SourceException>(() => ScanAsync());
        Assert.Contains("throttled after 6 retries", refused.Message);
        Assert.Equal(7, azure.Wire.Requests.Count);
        Assert.All(time.Pauses, pause => Assert.InRange(pause, TimeSpan.Zero, TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task That_fails_half_way_removes_nothing()
    {
        using var graph = new GraphFixture();
        await StoreAsync(graph);
        var before = graph.Graph.Search(new() { Limit = 100 }).Total;
        azure.PageRows = 2;
        azure.Wire.On(asked => asked.Body.Contains("skipToken", StringComparison.Ordinal) && asked.Body.Contains("Resources\\n| project", StringComparison.Ordinal) ? new CloudAnswer("", 500) : null);
        var result = await StoreAsync(graph);
        Assert.NotNull(result.Failure);
        Assert.Equal(before, graph.Graph.Search(new() { Limit = 100 }).Total);
    }

    [Fact]
    public async Task Removes_what_a_whole_subscription_no_longer_holds_also_the_last_of_a_type()
    {
        using var graph = new GraphFixture();
        await StoreAsync(graph);
        azure.Clear(Prod, "Resources");
        azure.Add(Prod, "Resources", $$$$"""{"id":"{{{{Group}}}}/Contoso.Rockets/launchPads/pad","name":"pad","type":"contoso.rockets/launchpads"}""");
        await StoreAsync(graph);
        Assert.Equal(["app", "pad", "sub-1"], graph.Graph.Search(new() { Limit = 100 }).Resources.Select(resource => resource.Name).Order());
    }

    [Fact]
    public async Task Takes_a_subscription_that_it_may_not_see_for_unread_and_not_for_empty()
    {
        var seen = await ScanAsync(Prod, Test);
        var failed = Assert.Single(seen.Failures);
        Assert.Equal((Test, "*"), (failed.Account, failed.Type));
        Assert.Contains("Reader role", failed.Message);
        Assert.Equal([Prod], seen.Complete.Select(complete => complete.Account!).Distinct());
    }

    [Theory]
    [InlineData("<html>sign in</html>", 200, "text/html")]
    [InlineData("not json", 200, "application/json")]
    [InlineData("[]", 200, "application/json")]
    [InlineData("{}", 200, "application/json")]
    [InlineData("""{"totalRecords":5,"data":[]}""", 200, "application/json")]
    [InlineData("""{"data":[],"resultTruncated":"true"}""", 200, "application/json")]
    [InlineData("""{"data":[{"no":"id"}]}""", 200, "application/json")]
    [InlineData("""{"error":{"code":"AuthorizationFailed","message":"hunter2 is not allowed"}}""", 403, "application/json")]
    [InlineData("""{"error":{"code":"<script>","message":"hunter2"}}""", 401, "application/json")]
    public async Task Says_in_its_own_words_what_was_wrong_with_an_answer(string body, int status, string type)
    {
        azure.Wire.On(_ => new CloudAnswer(body, status, type));
        var failed = await Assert.ThrowsAsync<SourceException>(() => ScanAsync(Prod));
        Assert.DoesNotContain("hunter2", failed.Message);
        Assert.DoesNotContain("<script", failed.Message);
        Assert.StartsWith($"Source azure: every listing failed; the first: Resource Graph of {Prod}", failed.Message);
    }

    [Fact]
    public async Task Survives_answers_that_break_off_and_those_that_never_end()
    {
        azure.Wire.On(_ => new CloudAnswer("""{"data":[]}""", CutAt: 5));
        await Assert.ThrowsAsync<SourceException>(() => ScanAsync(Prod));
        azure.Wire.On(_ => new CloudAnswer("{\"data\":\"" + new string('x', 2 << 20) + "\"}"));
        Assert.Contains("sent too much", (await Assert.ThrowsAsync<SourceException>(() => ScanAsync(Prod))).Message);
    }

    [Theory]
    [InlineData(true, "an earlier one as the next")]
    [InlineData(false, "more than 20 pages")]
    public async Task Ends_a_listing_that_pages_for_ever_and_removes_nothing(bool same, string reason)
    {
        using var graph = new GraphFixture();
        await StoreAsync(graph);
        var (before, pages) = (graph.Graph.Search(new() { Limit = 1 }).Total, 0);
        azure.Wire.On(_ => new CloudAnswer($$$$"""{"totalRecords":0,"data":[],"$skipToken":"{{{{(same ? 1 : ++pages)}}}}"}"""));
        var failure = (await StoreAsync(graph)).Failure;
        Assert.Contains("pages without end", failure);
        Assert.Contains(reason, failure);
        Assert.InRange(pages, 0, 20);
        Assert.Equal(before, graph.Graph.Search(new() { Limit = 1 }).Total);
    }

    [Fact]
    public async Task Follows_no_redirect_with_its_token()
    {
        await using var thief = await WireCloud.StartAsync();
        azure.Wire.On(_ => new CloudAnswer("", 307, Headers: [("Location", thief.Endpoint + "take")]));
        await Assert.ThrowsAsync<SourceException>(() => ScanAsync(Prod));
        Assert.Empty(thief.Requests);
    }

    [Fact]
    public async Task Tells_what_Defender_Advisor_and_Policy_find()
    {
        AddFindings();
        var found = (await ScanAsync()).Findings;
        Assert.Equal(
        [
            ("Azure Advisor", "high", "Use managed disks", $"{Group}/Microsoft.Compute/virtualMachines/web"),
            ("Azure Policy", "high", "Not compliant with policy no-public-ip", $"{Group}/Microsoft.Network/networkInterfaces/web-nic"),
            ("Microsoft Defender for Cloud", "critical", "Crypto miner seen", $"{Group}/Microsoft.Compute/virtualMachines/web"),
            ("Microsoft Defender for Cloud", "high", "Machines should be patched", $"{Group}/Microsoft.Compute/virtualMachines/web"),
        ], found.Select(finding => (finding.Tool, finding.Severity, finding.Title, finding.Resource!)).Order());
        Assert.Equal(["SOC-2 CC7.1"], found.Single(finding => finding.Title.StartsWith("Machines", StringComparison.Ordinal)).Frameworks);
    }

    [Fact]
    public async Task Links_findings_to_resources_and_resolves_those_that_are_told_no_more()
    {
        AddFindings();
        using var graph = new GraphFixture();
        await StoreAsync(graph);
        var open = graph.Graph.Findings(new() { Status = FindingStatus.Open }).Findings;
        Assert.Equal(["web", "web", "web", "web-nic"], open.Select(finding => Assert.Single(finding.Resources).Name).Order());
        azure.Clear(Prod, "securityresources");
        await StoreAsync(graph);
        Assert.Equal(["02cf", "no-public-ip"], graph.Graph.Findings(new() { Status = FindingStatus.Open }).Findings.Select(finding => finding.Rule).Order());
    }

    [Fact]
    public async Task Keeps_findings_whose_table_cannot_be_read()
    {
        AddFindings();
        using var graph = new GraphFixture();
        await StoreAsync(graph);
        azure.Wire.On(asked => asked.Body.Contains("\"securityresources", StringComparison.Ordinal) ? new CloudAnswer("""{"error":{"code":"AuthorizationFailed"}}""", 403) : null);
        var result = await StoreAsync(graph);
        Assert.Null(result.Failure);
        Assert.Contains("securityresources", Assert.Single(result.Failures).Message);
        using var connection = graph.Database.Read();
        Assert.Equal(4, Dapper.SqlMapper.ExecuteScalar<long>(connection, "SELECT count(*) FROM graph_finding WHERE status <> 'resolved'"));
    }

    private void AddFindings() => azure
        .Add(Prod, "securityresources", $$$$"""{"id":"{{{{Group}}}}/Microsoft.Compute/virtualMachines/web/providers/Microsoft.Security/assessments/4ab6","name":"4ab6","type":"microsoft.security/assessments","properties":{"displayName":"Machines should be patched","status":{"code":"Unhealthy"},"metadata":{"severity":"High"},"resourceDetails":{"Source":"Azure","Id":"{{{{Group}}}}/Microsoft.Compute/virtualMachines/web"},"links":{"azurePortal":"portal.azure.com/#x"}}}""")
        .Add(Prod, "securityresources", $$$$"""{"id":"/subscriptions/{{{{Prod}}}}/providers/Microsoft.Security/regulatoryComplianceStandards/SOC-2/regulatoryComplianceControls/CC7.1/regulatoryComplianceAssessments/4ab6","name":"4ab6","type":"microsoft.security/regulatorycompliancestandards/regulatorycompliancecontrols/regulatorycomplianceassessments","properties":{"state":"Failed"}}""")
        .Add(Prod, "securityresources", $$$$"""{"id":"/subscriptions/{{{{Prod}}}}/providers/Microsoft.Security/locations/westeurope/alerts/77","name":"77","type":"microsoft.security/locations/alerts","properties":{"AlertType":"VM_Miner","AlertDisplayName":"Crypto miner seen","Severity":"Critical","Status":"Active","ResourceIdentifiers":[{"$id":"1","AzureResourceId":"{{{{Group}}}}/Microsoft.Compute/virtualMachines/web","Type":"AzureResource"}]}}""")
        .Add(Prod, "advisorresources", $$$$"""{"id":"{{{{Group}}}}/Microsoft.Compute/virtualMachines/web/providers/Microsoft.Advisor/recommendations/9a","name":"9a","properties":{"category":"HighAvailability","impact":"High","recommendationTypeId":"02cf","shortDescription":{"problem":"Use managed disks"},"resourceMetadata":{"resourceId":"{{{{Group}}}}/Microsoft.Compute/virtualMachines/web"}}}""")
        .Add(Prod, "policyresources", $$$$"""{"id":"/subscriptions/{{{{Prod}}}}/providers/Microsoft.PolicyInsights/policyStates/77","name":"77","properties":{"complianceState":"NonCompliant","policyDefinitionName":"no-public-ip","policyDefinitionAction":"deny","resourceId":"{{{{Group}}}}/Microsoft.Network/networkInterfaces/web-nic"}}""");

    private void Refuse(int times, int status, params (string Name, string Value)[] headers)
    {
        var left = times;
        azure.Wire.On(_ => Interlocked.Decrement(ref left) >= 0 ? new CloudAnswer("""{"error":{"code":"RateLimiting"}}""", status, Headers: headers) : null);
    }

    private AzureCollector Collector() => new(new GivenSecrets(), time, new CollectorLimits { Pages = 20, AnswerBytes = 1 << 20 });

    private SourceSettings Source(params string[] subscriptions) => new("azure", "azure") { Accounts = [new("") { Endpoint = azure.Wire.Endpoint, Scopes = subscriptions }] };

    private Task<Observed> ScanAsync(params string[] subscriptions) => Observed.ByAsync(Collector(), Source(subscriptions), TestContext.Current.CancellationToken);

    protected override async Task<SourceResult> StoreAsync(GraphFixture graph) => Assert.Single((await graph.ScanAsync([Source()], [Collector()], null)).Sources);
}
