using System.Text;
using System.Text.Json.Nodes;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.State;
using McpInfra.Graph.Queries;
using McpInfra.Graph.Scan;
using Xunit;

namespace McpInfra.Graph.Tests.State;

public sealed class States_of_other_engines : IDisposable
{
    private const string Secret = "ciphertext-of-a-password-v1:abc";
    private const string Urn = "urn:pulumi:prod::shop::aws:sqs/queue:Queue::orders";
    private const string Bucket = "urn:pulumi:prod::shop::aws:s3/bucketV2:BucketV2::archive";
    private const string Account = "/subscriptions/0000/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/acme";

    private const string Resources = $$"""
        [{"urn":"urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod","custom":false,"type":"pulumi:pulumi:Stack"},
         {"urn":"urn:pulumi:prod::shop::pulumi:providers:aws::default","custom":true,"id":"p","type":"pulumi:providers:aws"},
         {"urn":"{{Bucket}}","custom":true,"id":"acme-archive","type":"aws:s3/bucketV2:BucketV2","outputs":{"arn":"arn:aws:s3:::acme-archive","bucket":"acme-archive","id":"acme-archive","forceDestroy":false,"tagsAll":{"CostCenter":"42"} } },
         {"urn":"{{Urn}}","custom":true,"id":"https://sqs/orders","type":"aws:sqs/queue:Queue","dependencies":["{{Bucket}}"],
          "outputs":{"arn":"arn:aws:sqs:eu-west-1:1:orders","name":"orders","id":"https://sqs/orders","delaySeconds":0,"password":{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","ciphertext":"{{Secret}}"},"note":"AKIAIOSFODNN7EXAMPLE"} },
         {"urn":"urn:pulumi:prod::shop::azure-native:storage:StorageAccount::acme","custom":true,"id":"{{Account}}","type":"azure-native:storage:StorageAccount","outputs":{"name":"acme","location":"westeurope","primaryKey":"hunter2"} },
         {"urn":"urn:pulumi:prod::shop::random:index/randomId:RandomId::suffix","custom":true,"id":"x","type":"random:index/randomId:RandomId","outputs":{"hex":"aa"} },
         {"urn":"urn:pulumi:prod::shop::aws:sqs/queue:Queue::gone","custom":true,"delete":true,"id":"y","type":"aws:sqs/queue:Queue"}]
        """;

    private readonly GraphFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    private async Task<SourceResult> ScanAsync(string kind, string text, string file = "state.json")
    {
        var path = Path.Combine(fixture.Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, text);
        return await ScanAsync(new SourceSettings(kind, kind) { Path = path });
    }

    private async Task<SourceResult> ScanAsync(SourceSettings source) =>
        (await fixture.ScanAsync([source], [new StateCollector(), new PulumiCollector(), new DeploymentCollector()], null)).Sources[0];

    private ResourceRow Find(string resource) => fixture.Graph.Resolve(resource).Found ?? throw new InvalidOperationException($"{resource} is not in the graph");

    [Theory]
    [InlineData("{\"version\":3,\"deployment\":{\"manifest\":{},\"resources\":RESOURCES}}", "state.json")]
    [InlineData("{\"version\":3,\"checkpoint\":{\"stack\":\"organization/shop/prod\",\"latest\":{\"resources\":RESOURCES}}}", ".pulumi/stacks/shop/prod.json")]
    public async Task Pulumis_stacks_are_read_as_exported_and_from_their_backend(string wrapping, string file)
    {
        Assert.Null((await ScanAsync("pulumi-state", wrapping.Replace("RESOURCES", Resources, StringComparison.Ordinal), file)).Failure);
        if (file != "state.json")
        {
            Assert.Null((await ScanAsync(new SourceSettings("pulumi-state", "pulumi-state") { Path = fixture.Folder })).Failure);
        }

        Assert.Equal(("AWS::SQS::Queue", "orders", "aws", "eu-west-1", true, Urn), (Find(Urn).Type, Find(Urn).Name, Find(Urn).Provider, Find(Urn).Region, Find(Urn).IsManaged, Find("orders").Address));
        Assert.Equal(("AWS::S3::Bucket", "arn:aws:s3:::acme-archive"), (Find(Bucket).Type, Find(Bucket).Id));
        Assert.Equal(("Microsoft.Storage/storageAccounts", "azure", "0000"), (Find(Account).Type, Find(Account).Provider, Find(Account).Account));
        Assert.Equal("pulumi", Find("urn:pulumi:prod::shop::random:index/randomId:RandomId::suffix").Provider);
        Assert.Equal(4, fixture.Graph.Search(new SearchQuery()).Total);
        Assert.Contains(fixture.Graph.Describe(Find(Urn))!.Relations, relation => relation.Other.Name == "acme-archive" && relation.Type is RelationType.DependsOn);
        Assert.Equal("42", fixture.Graph.Describe(Find(Bucket))!.Resource.Tags["CostCenter"]);
    }

    [Fact]
    public async Task Pulumis_secrets_are_not_stored()
    {
        await ScanAsync("pulumi-state", $"{{\"version\":3,\"deployment\":{{\"resources\":{Resources}}}}}");
        var whole = Encoding.UTF8.GetString(Snapshot.WholeFile(fixture));
        Assert.All(new[] { Secret, "AKIAIOSFODNN7EXAMPLE", "hunter2" }, secret => Assert.DoesNotContain(secret, whole, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_clouds_word_wins_over_pulumis()
    {
        await fixture.ScanCloudAsync([new Observation.Seen(GraphFixture.Resource("arn:aws:sqs:eu-west-1:1:orders", "AWS::SQS::Queue", "orders") with { Account = "1", Region = "eu-west-1", Configuration = new() { ["DelaySeconds"] = 5 } })]);
        await ScanAsync("pulumi-state", $"{{\"version\":3,\"deployment\":{{\"resources\":{Resources}}}}}");
        Assert.Equal("5", fixture.Graph.Describe(Find(Urn))!.Resource.Configuration["DelaySeconds"]!.ToString());
    }

    [Theory]
    [InlineData("aws:s3/bucketVersioningV2:BucketVersioningV2", """ "versioningConfiguration":{"status":"Enabled"} """, "versioning Enabled Suspended")]
    [InlineData("aws:s3/bucketVersioning:BucketVersioning", """ "versioningConfiguration":{"status":"Suspended"} """, null)]
    [InlineData("aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2", """ "rules":[{"applyServerSideEncryptionByDefault":{"sseAlgorithm":"aws:kms"}}] """, "encryption.sse_algorithm aws:kms AES256")]
    [InlineData("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", """ "rules":[{"applyServerSideEncryptionByDefault":{"sseAlgorithm":"AES256"}}] """, null)]
    public async Task Drift_of_what_Pulumi_sets_beside_a_bucket_is_told(string type, string block, string? drifted)
    {
        await fixture.ScanCloudAsync([new Observation.Seen(GraphFixture.Resource("arn:aws:s3:::acme-archive", "AWS::S3::Bucket", "acme-archive") with
        {
            Configuration = new() { ["VersioningConfiguration"] = "Suspended", ["BucketEncryption"] = new JsonObject { ["SSEAlgorithm"] = "AES256" } },
        })]);
        await ScanAsync("pulumi-state", $$$"""
            {"version":3,"deployment":{"resources":[{"urn":"{{{Bucket}}}","custom":true,"id":"acme-archive","type":"aws:s3/bucketV2:BucketV2","outputs":{"arn":"arn:aws:s3:::acme-archive","bucket":"acme-archive","id":"acme-archive"} },
              {"urn":"urn:pulumi:prod::shop::{{{type}}}::kept","custom":true,"id":"acme-archive","type":"{{{type}}}","dependencies":["{{{Bucket}}}"],"outputs":{"bucket":"acme-archive",{{{block}}}} }]} }
            """);
        var found = fixture.Graph.Describe(Find(Bucket))!.Drift!.Drifted;
        Assert.Equal(drifted is null ? [] : [drifted], found.Select(one => $"{one.Attribute} {one.State} {one.Cloud}"));
    }

    [Fact]
    public async Task Drift_from_Pulumis_outputs_is_told_attribute_by_attribute_without_its_secrets()
    {
        await fixture.ScanCloudAsync([new Observation.Seen(GraphFixture.Resource("arn:aws:sqs:eu-west-1:1:orders", "AWS::SQS::Queue", "orders", "eu-west-1", ("team", "pay")) with { Configuration = new() { ["DelaySeconds"] = "9", ["VisibilityTimeout"] = "30" } })]);
        await ScanAsync("pulumi-state", $$$"""
            {"version":3,"deployment":{"resources":[{"urn":"{{{Urn}}}","custom":true,"id":"https://sqs/orders","type":"aws:sqs/queue:Queue","outputs":{"arn":"arn:aws:sqs:eu-west-1:1:orders","name":"orders",
              "delaySeconds":0,"visibilityTimeoutSeconds":30,"kmsMasterKeyId":{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","ciphertext":"v1:abc"},"tagsAll":{"team":"orders"} } }]} }
            """);
        var drift = fixture.Graph.Describe(Find(Urn))!.Drift!;
        Assert.Equal(["delay_seconds 0 9", "tags.team orders pay"], drift.Drifted.Select(one => $"{one.Attribute} {one.State} {one.Cloud}"));
        Assert.Equal(["visibility_timeout_seconds"], drift.Alike);
        Assert.Contains("kms_master_key_id", drift.NotComparable.Select(one => one.Attribute));
    }

    [Theory]
    [InlineData("pulumi-state", "{\"version\":4,\"lineage\":\"x\",\"serial\":1,\"resources\":[]}", "not a Pulumi stack")]
    [InlineData("pulumi-state", "{\"version\":99,\"deployment\":{\"resources\":[]}}", "another version")]
    [InlineData("pulumi-state", "[1,2", "not whole JSON")]
    [InlineData("arm-deployment", "{\"id\":\"/subscriptions/1/resourceGroups/rg\"}", "not a deployment")]
    [InlineData("arm-deployment", "[[[", "not whole JSON")]
    public async Task Of_another_form_are_one_fault_that_says_what_mends_it(string kind, string text, string fault) =>
        Assert.Contains(fault, (await ScanAsync(kind, text)).Failure, StringComparison.Ordinal);

    [Theory]
    [InlineData("pulumi-state", "{\"version\":3,\"deployment\":{\"resources\":[null,1,{\"urn\":1},{\"urn\":\"u\",\"type\":\"a\",\"custom\":true,\"outputs\":[]},{\"urn\":\"urn:x\",\"type\":\"aws:x:Y\",\"custom\":true,\"outputs\":{\"a\":{\"b\":[[{}]]},\"A\":1,\"tags\":7}}]}}")]
    [InlineData("pulumi-state", "{\"version\":3,\"checkpoint\":{\"latest\":null}}")]
    [InlineData("arm-deployment", "[{\"id\":\"/subscriptions/1/providers/Microsoft.Resources/deployments/d\",\"properties\":{\"outputResources\":[null,{\"id\":5},{\"id\":\"x\"}],\"dependencies\":[1,{\"dependsOn\":{}}]}}]")]
    public async Task With_wrong_forms_inside_are_read_as_far_as_they_go(string kind, string text) => Assert.Null((await ScanAsync(kind, text)).Failure);

    [Fact]
    public async Task Deployments_of_azure_manage_what_they_made()
    {
        await fixture.ScanCloudAsync([new Observation.Seen(new Resource { Id = Account, Type = "Microsoft.Storage/storageAccounts", Name = "acme", Provider = "azure" })]);
        await ScanAsync("arm-deployment", $$"""
            [{"id":"/subscriptions/0000/resourceGroups/rg/providers/Microsoft.Resources/deployments/shop","name":"shop","type":"Microsoft.Resources/deployments",
              "properties":{"provisioningState":"Succeeded","mode":"Incremental","timestamp":"2026-01-01T00:00:00Z","parameters":{"password":{"type":"String","value":"hunter2hunter2"} },"outputs":{"key":{"value":"hunter3hunter3"} },
                "outputResources":[{"id":"{{Account.ToUpperInvariant().Replace("/SUBSCRIPTIONS/", "/subscriptions/", StringComparison.Ordinal)}}","resourceGroup":"rg"}]} }]
            """);
        Assert.True(Find("acme").IsManaged);
        Assert.StartsWith("shop/", Find("acme").Address, StringComparison.Ordinal);
        Assert.Contains(fixture.Graph.Describe(Find("acme"))!.Relations, relation => relation.Type is RelationType.Contains && relation.Other.Name == "shop");
        Assert.DoesNotContain("hunter", Encoding.UTF8.GetString(Snapshot.WholeFile(fixture)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"status":"Succeeded","changes":CHANGES}""")]
    [InlineData("""{"status":"Succeeded","properties":{"changes":CHANGES}}""")]
    public async Task Drift_that_Azures_what_if_found_is_told_of_the_resource_and_its_deployment(string form)
    {
        const string Network = "/subscriptions/0000/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/net";
        const string Deployment = "/subscriptions/0000/resourceGroups/rg/providers/Microsoft.Resources/deployments/shop";
        await fixture.ScanCloudAsync([.. new[] { Account, Network }.Select(id => new Observation.Seen(new Resource { Id = id, Type = AzureType(id), Name = id[(id.LastIndexOf('/') + 1)..], Provider = "azure" }))]);
        var changes = $$"""
            [{"resourceId":"{{Account.ToUpperInvariant()}}","changeType":"Modify","delta":[
               {"path":"properties.allowBlobPublicAccess","propertyChangeType":"Modify","before":true,"after":false},
               {"path":"properties.primaryKey","propertyChangeType":"Modify","before":"hunter2-is","after":"hunter2-was"},
               {"path":"properties.description","propertyChangeType":"Modify","before":"hunter2-free","after":"hunter2-text"},
               {"path":"properties.provisioningState","propertyChangeType":"NoEffect","before":"Succeeded","after":null},
               {"path":"properties.networkAcls.ipRules","propertyChangeType":"Array","children":[{"path":"0","propertyChangeType":"Delete","children":[{"path":"enabled","propertyChangeType":"Delete","before":true,"after":null}]}]},
               {"path":"tags.owner","propertyChangeType":"Modify","before":"bob","after":"ann"}, null, 7, {"path":{} } ] },
             {"resourceId":"{{Network}}","changeType":"Create","after":{} }, {"resourceId":"/subscriptions/0000/x","changeType":"Delete"}, {"changeType":[]}, null]
            """;
        await WriteAsync("arm/what-if.json", form.Replace("CHANGES", changes, StringComparison.Ordinal));
        await WriteAsync("arm/shop.json", $$"""{"id":"{{Deployment}}","properties":{"provisioningState":"Succeeded","outputResources":[{"id":"{{Account}}"},{"id":"{{Network}}"}]} }""");
        var source = new SourceSettings("arm", "arm-deployment") { Path = Path.Combine(fixture.Folder, "arm") };
        Assert.Null((await ScanAsync(source)).Failure);

        Assert.Equal(
            ["properties.allowBlobPublicAccess false true", "properties.networkAcls.ipRules.0.enabled (not set) true", "tags.owner ann bob"],
            Drifted(Account).Where(one => !one.Contains("not kept", StringComparison.Ordinal)));
        Assert.Equal(2, Drifted(Account).Count(one => one.Contains("not kept", StringComparison.Ordinal)));
        Assert.Equal(["resource present missing"], Drifted(Network));
        Assert.Contains("Microsoft.Storage/storageAccounts/acme/tags.owner ann bob", Drifted(Deployment));
        Assert.Equal(Deployment, Assert.Single(fixture.Graph.Drifted(10).Resources).Resource.Id);
        Assert.DoesNotContain("hunter2", Encoding.UTF8.GetString(Snapshot.WholeFile(fixture)), StringComparison.Ordinal);

        await WriteAsync("arm/what-if.json", """{"changes":[]}""");
        await ScanAsync(source);
        Assert.Empty(fixture.Graph.Drifted(10).Resources);
    }

    private static string AzureType(string id) => id.Contains("storage", StringComparison.OrdinalIgnoreCase) ? "Microsoft.Storage/storageAccounts" : "Microsoft.Network/virtualNetworks";

    private List<string> Drifted(string id) => [.. fixture.Graph.Describe(Find(id))!.Drift!.Drifted.Select(one => $"{one.Attribute} {one.State} {one.Cloud}")];

    private Task WriteAsync(string file, string text)
    {
        Directory.CreateDirectory(Path.Combine(fixture.Folder, Path.GetDirectoryName(file)!));
        return File.WriteAllTextAsync(Path.Combine(fixture.Folder, file), text);
    }

    [Fact]
    public async Task Of_a_registered_stack_are_read_from_its_backend()
    {
        var state = StateText.Of(StateText.Resource("aws_sqs_queue", "q", """{"arn":"arn:aws:sqs:eu-west-1:1:q","id":"https://sqs/q","name":"q"}"""));
        var source = new SourceSettings("remote", "terraform-state") { Repository = "infra", Stack = "live" };
        var result = (await fixture.ScanAsync([source], [new StateCollector(new GivenStates(("infra", "live"), state))], null)).Sources[0];
        Assert.Equal((1, null), (result.Resources, result.Failure));
        Assert.Equal("aws_sqs_queue.q", Find("q").Address);
        Assert.Contains("a `repository` and its `stack`", (await ScanAsync(new SourceSettings("nowhere", "terraform-state"))).Failure, StringComparison.Ordinal);
        Assert.Contains("only `mcp-infra scan`", (await ScanAsync(source)).Failure, StringComparison.Ordinal);
    }

    private sealed class GivenStates((string Repository, string Stack) place, string text) : IStackStates
    {
        public ValueTask<byte[]?> ReadAsync(string repository, string stack, CancellationToken stop) => new((repository, stack) == place ? Encoding.UTF8.GetBytes(text) : null);
    }
}
