using System.Text;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.Kubernetes;
using McpInfra.Graph.Collectors.Rest;
using McpInfra.Graph.Scan;
using McpInfra.Graph.Tests.Rest;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Graph.Tests.Kubernetes;

public sealed class A_cluster_scan : A_scan_over_REST, IAsyncLifetime
{
    private readonly QuickTime time = new();
    private ClusterServer cluster = null!;

    public async ValueTask InitializeAsync() => cluster = Estate(await ClusterServer.StartAsync());

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    [Fact]
    public async Task Gives_every_object_the_one_shape()
    {
        var seen = await ScanAsync();
        Assert.Empty(seen.Failures);
        var web = seen.Resources.Single(resource => resource is { Name: "web", Type: "apps/Deployment" });
        Assert.Equal(("u-web", "kubernetes", "prod", "Available", "prod"), (web.Id, web.Provider, web.Account, web.Status, web.Tags["environment"]));
        Assert.Equal(3, web.Configuration["replicas"]!.GetValue<int>());
        Assert.Equal("shop", web.Configuration["namespace"]!.GetValue<string>());
        Assert.Contains("registry.example/web:1.2", web.Configuration.ToJsonString());
        Assert.Equal(("Running", "Ready", "eu-central-1"), (seen["web-1"].Status, seen["node-a"].Status, seen["node-a"].Region));
    }

    [Fact]
    public async Task Tells_who_owns_runs_reaches_uses_and_protects_what()
    {
        var seen = await ScanAsync();
        var relations = seen.Relations;
        Assert.Superset(
            new HashSet<string>(
            [
                "prod CONTAINS shop", "prod CONTAINS node-a", "shop CONTAINS web", "web OWNS web-7d", "web-7d OWNS web-1", "node-a HOSTS web-1", "i-0abc HOSTS node-a",
                "web ASSUMES runner", "web USES db-password", "web USES settings", "web USES files", "files USES pv-1", "pv-1 USES vol-0123", "web-svc CONNECTED_TO web",
                "front CONNECTED_TO web-svc", "front USES tls", "web SECURED_BY deny", "scale ATTACHED_TO web", "bind ATTACHED_TO runner", "bind USES reader",
            ]),
            relations.ToHashSet());
        Assert.DoesNotContain("shop CONTAINS web-1", relations); // What has an owner is reached through it.
    }

    [Fact]
    public async Task Knows_secrets_by_name_and_keys_and_never_by_value()
    {
        using var graph = new GraphFixture();
        var result = await StoreAsync(graph);
        Assert.Null(result.Failure);
        var seen = await ScanAsync();
        Assert.Equal("""["password","username"]""", seen["db-password"].Configuration["keys"]!.ToJsonString());
        Assert.Equal("""["config.yaml"]""", seen["settings"].Configuration["keys"]!.ToJsonString());
        Assert.All(cluster.Wire.Requests.Where(request => request.Path is "/api/v1/secrets" or "/api/v1/configmaps"), request => Assert.StartsWith("application/json;as=PartialObjectMetadataList", request.Headers["Accept"]));
        var stored = Encoding.UTF8.GetString(Snapshot.WholeFile(graph));
        Assert.DoesNotContain("aHVudGVyMg", stored);
        Assert.DoesNotContain("hunter2", stored);
    }

    [Fact]
    public void Takes_values_out_of_secrets_before_they_are_parsed()
    {
        var body = Encoding.UTF8.GetBytes("""{"items":[{"metadata":{"name":"a","annotations":{"last":"aHVudGVyMg"},"generation":1},"data":{"k":"aHVudGVyMg","n":{"x":"aHVudGVyMg"}},"stringData":"aHVudGVyMg","type":"Opaque"}]}""");
        var text = Encoding.UTF8.GetString(SecretList.Strip(body));
        Assert.Equal("""{"items":[{"metadata":{"name":"a","annotations":{},"generation":1},"data":{"k":null,"n":null},"stringData":null,"type":"Opaque"}]}""", text);
        Assert.All(body, one => Assert.Equal(0, one));
    }

    [Fact]
    public async Task Keeps_kinds_that_it_does_not_know_by_their_metadata()
    {
        var rocket = (await ScanAsync())["apollo"];
        Assert.Equal(("space.example/Rocket", "u-rocket", "shop"), (rocket.Type, rocket.Id, rocket.Configuration["namespace"]!.GetValue<string>()));
        Assert.StartsWith("application/json;as=PartialObjectMetadataList", cluster.Wire.Requests.Single(request => request.Path == "/apis/space.example/v1/rockets").Headers["Accept"]);
    }

    [Fact]
    public async Task Only_lists_and_only_with_the_clusters_own_token()
    {
        await ScanAsync();
        Assert.All(cluster.Wire.Requests, request => Assert.Equal(("GET", "Bearer token-of-"), (request.Method, request.Authorization)));
        Assert.DoesNotContain(cluster.Wire.Requests, request => request.Path.Contains("/namespaces/", StringComparison.Ordinal) || request.Path.EndsWith("/events", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Marks_the_kind_that_is_forbidden_and_removes_nothing_of_it()
    {
        using var graph = new GraphFixture();
        await StoreAsync(graph);
        cluster.Wire.On("GET", "/apis/apps/v1/deployments", """{"kind":"Status","status":"Failure","reason":"Forbidden","message":"hunter2","code":403}""", 403);
        cluster.Clear("/api/v1/services");
        var result = await StoreAsync(graph);
        var failed = Assert.Single(result.Failures);
        Assert.Equal("apps of prod refused (HTTP 403 Failure); allow `list` of deployments.apps to the identity that scans.", failed.Message);
        var names = graph.Graph.Search(new() { Limit = 100 }).Resources.Select(resource => resource.Name).ToList();
        Assert.Contains("web", names);
        Assert.DoesNotContain("web-svc", names);
    }

    [Fact]
    public async Task That_fails_half_way_through_a_listing_removes_nothing()
    {
        cluster.Add("/api/v1/pods", "Pod", [.. Enumerable.Range(0, 6).Select(n => $$$"""{"metadata":{"name":"extra-{{{n}}}","uid":"u-extra-{{{n}}}","namespace":"shop"},"spec":{},"status":{"phase":"Running"} }""")]);
        using var graph = new GraphFixture();
        await StoreAsync(graph);
        var before = graph.Graph.Search(new() { Limit = 1 }).Total;
        cluster.Wire.On(asked => asked.Path == "/api/v1/pods" && asked.Query.ContainsKey("continue") ? new CloudAnswer("""{"kind":"Status","reason":"Expired","code":410}""", 410) : null);
        Assert.Equal("v1/Pod", Assert.Single((await StoreAsync(graph)).Failures).Type);
        Assert.Equal(before, graph.Graph.Search(new() { Limit = 1 }).Total);
    }

    [Theory]
    [InlineData(false, "0 2 2 2 2")]
    [InlineData(true, "0 2 2 2 2 0 2")]
    public async Task That_was_cut_goes_on_at_its_last_page_unless_the_cluster_has_forgotten_it(bool isForgotten, string asked)
    {
        cluster.Add("/api/v1/secrets", "Secret", """{"metadata":{"name":"third","namespace":"shop","uid":"u-third"}}""");
        using var graph = new GraphFixture();
        var lost = new CloudAnswer("", CutAt: 0);
        var answers = new Queue<CloudAnswer>([lost, lost, lost]);
        cluster.Wire.On(request => request.Path == "/api/v1/secrets" && request.Query.ContainsKey("continue") && answers.TryDequeue(out var answer) ? answer : null);
        Assert.Equal("v1/Secret", Assert.Single((await StoreAsync(graph)).Failures).Type);
        if (isForgotten)
        {
            answers.Enqueue(new CloudAnswer("""{"kind":"Status","reason":"Expired","code":410}""", 410));
        }

        Assert.Empty((await StoreAsync(graph)).Failures);
        Assert.Equal(asked, string.Join(' ', cluster.Wire.Requests.Where(request => request.Path == "/api/v1/secrets").Select(request => request.Query.GetValueOrDefault("continue") ?? "0")));
        Assert.Equal(3, graph.Graph.Search(new() { Type = "v1/Secret" }).Total);
    }

    [Fact]
    public async Task That_was_cut_among_workloads_goes_on_there_and_knows_again_who_chooses_them_by_labels()
    {
        cluster.Add("/apis/apps/v1/deployments", "Deployment", [.. Enumerable.Range(0, 4).Select(n => $$$"""{"metadata":{"name":"web-{{{n}}}","uid":"u-web-{{{n}}}","namespace":"shop"},"spec":{"template":{"metadata":{"labels":{"app":"web"} } } } }""")]);
        using var graph = new GraphFixture();
        var isLost = true;
        cluster.Wire.On(request => isLost && request.Path == "/apis/apps/v1/deployments" && request.Query.GetValueOrDefault("continue") == "4" ? new CloudAnswer("", CutAt: 0) : null);
        Assert.Equal("apps/Deployment", Assert.Single((await StoreAsync(graph)).Failures).Type);
        isLost = false;
        var before = cluster.Wire.Requests.Count;
        Assert.Empty((await StoreAsync(graph)).Failures);
        Assert.Equal(["4"], cluster.Wire.Requests.Skip(before).Where(request => request.Path == "/apis/apps/v1/deployments").Select(request => request.Query.GetValueOrDefault("continue")));
        Assert.Superset(
            new HashSet<string>(["web", "web-0", "web-1", "web-2", "web-3"]),
            graph.Graph.Describe(graph.Graph.Resolve("web-svc").Found!)!.Relations.Select(relation => relation.Other.Name).ToHashSet());
    }

    [Theory]
    [InlineData(true, "an earlier one as the next")]
    [InlineData(false, "more than 20 pages")]
    public async Task Ends_a_listing_that_pages_for_ever_and_removes_nothing(bool same, string reason)
    {
        using var graph = new GraphFixture();
        await StoreAsync(graph);
        var before = graph.Graph.Search(new() { Limit = 1 }).Total;
        var page = 0;
        cluster.Wire.On("GET", "/api/v1/pods", _ => new CloudAnswer($$$"""{"kind":"PodList","metadata":{"continue":"{{{(same ? 1 : ++page)}}}"},"items":[]}"""));
        var failed = Assert.Single((await StoreAsync(graph)).Failures);
        Assert.Equal("v1/Pod", failed.Type);
        Assert.Contains("pages without end", failed.Message);
        Assert.Contains(reason, failed.Message);
        Assert.Equal(before, graph.Graph.Search(new() { Limit = 1 }).Total);
    }

    [Fact]
    public async Task Goes_on_when_one_API_service_is_away()
    {
        cluster.Wire.On("GET", "/apis/space.example/v1", "", 503);
        var seen = await ScanAsync();
        Assert.Contains("space.example of prod could not be discovered", Assert.Single(seen.Failures).Message);
        Assert.Contains(seen.Resources, resource => resource.Name == "web");
    }

    [Theory]
    [InlineData("<html></html>", 200, "text/html", "garbage")]
    [InlineData("""{"kind":"Status","reason":"Unauthorized","code":401}""", 401, "application/json", "did not accept the credential")]
    [InlineData("""{"kind":"Status","reason":"Forbidden","code":403}""", 403, "application/json", "refused")]
    public async Task Says_why_nothing_of_a_cluster_can_be_read(string body, int status, string type, string said)
    {
        cluster.Wire.On(_ => new CloudAnswer(body, status, type));
        Assert.Contains(said, (await Assert.ThrowsAsync<SourceException>(() => ScanAsync())).Message);
    }

    [Fact]
    public async Task Reads_many_clusters_as_accounts_of_one_source()
    {
        await using var other = Estate(await ClusterServer.StartAsync());
        var source = new SourceSettings("clusters", "kubernetes") { Accounts = [new("blue") { KubeConfig = cluster.KubeConfig }, new("green") { KubeConfig = other.KubeConfig }] };
        var seen = await Observed.ByAsync(new KubernetesCollector(new GivenSecrets(), time), source, TestContext.Current.CancellationToken);
        Assert.Equal(["blue", "green"], seen.Resources.Select(resource => resource.Account!).Distinct().Order());
        Assert.All(cluster.Wire.Requests, request => Assert.Equal("Bearer token-of-blue", request.Authorization));
        Assert.All(other.Wire.Requests, request => Assert.Equal("Bearer token-of-green", request.Authorization));
    }

    internal static ClusterServer Estate(ClusterServer server) => server
        .Add("/api/v1/namespaces", "Namespace", """{"metadata":{"name":"shop","uid":"u-ns"},"status":{"phase":"Active"}}""")
        .Add("/api/v1/nodes", "Node", """{"metadata":{"name":"node-a","uid":"u-node","labels":{"topology.kubernetes.io/region":"eu-central-1"}},"spec":{"providerID":"aws:///eu-central-1a/i-0abc"},"status":{"conditions":[{"type":"Ready","status":"True","lastHeartbeatTime":"2026-01-01T00:00:00Z"}],"nodeInfo":{"kubeletVersion":"v1.33.1"}}}""")
        .Add("/apis/apps/v1/deployments", "Deployment", """
            {"metadata":{"name":"web","namespace":"shop","uid":"u-web","labels":{"environment":"prod"},"annotations":{"note":"hunter2"}},
             "spec":{"replicas":3,"template":{"metadata":{"labels":{"app":"web","tier":"front"}},"spec":{"serviceAccountName":"runner",
               "containers":[{"name":"web","image":"registry.example/web:1.2","args":["--password=hunter2"],"env":[{"name":"DB","value":"hunter2"},{"name":"PW","valueFrom":{"secretKeyRef":{"name":"db-password","key":"password"}}}],"envFrom":[{"configMapRef":{"name":"settings"}}]}],
               "volumes":[{"name":"f","persistentVolumeClaim":{"claimName":"files"}}]}}},
             "status":{"conditions":[{"type":"Available","status":"True"}]}}
            """)
        .Add("/apis/apps/v1/replicasets", "ReplicaSet", """{"metadata":{"name":"web-7d","namespace":"shop","uid":"u-rs","ownerReferences":[{"kind":"Deployment","name":"web","uid":"u-web","controller":true}]},"spec":{"replicas":3}}""")
        .Add("/api/v1/pods", "Pod", """{"metadata":{"name":"web-1","namespace":"shop","uid":"u-pod","labels":{"app":"web"},"ownerReferences":[{"kind":"ReplicaSet","name":"web-7d","uid":"u-rs","controller":true}]},"spec":{"nodeName":"node-a"},"status":{"phase":"Running"}}""")
        .Add("/api/v1/services", "Service", """{"metadata":{"name":"web-svc","namespace":"shop","uid":"u-svc"},"spec":{"type":"ClusterIP","clusterIP":"10.0.0.1","selector":{"app":"web"},"ports":[{"port":80,"targetPort":8080,"protocol":"TCP"}]}}""")
        .Add("/api/v1/secrets", "Secret", """
            {"metadata":{"name":"db-password","namespace":"shop","uid":"u-secret","annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\"data\":{\"password\":\"aHVudGVyMg==\"}}"},
             "managedFields":[{"manager":"kubectl","fieldsV1":{"f:data":{".":{},"f:password":{},"f:username":{}},"f:type":{}}}]},"data":{"password":"aHVudGVyMg=="}}
            """, """{"metadata":{"name":"tls","namespace":"shop","uid":"u-tls"}}""")
        .Add("/api/v1/configmaps", "ConfigMap", """{"metadata":{"name":"settings","namespace":"shop","uid":"u-cm","managedFields":[{"fieldsV1":{"f:data":{"f:config.yaml":{}}}}]}}""")
        .Add("/api/v1/persistentvolumeclaims", "PersistentVolumeClaim", """{"metadata":{"name":"files","namespace":"shop","uid":"u-pvc"},"spec":{"volumeName":"pv-1","accessModes":["ReadWriteOnce"]},"status":{"phase":"Bound"}}""")
        .Add("/api/v1/persistentvolumes", "PersistentVolume", """{"metadata":{"name":"pv-1","uid":"u-pv"},"spec":{"csi":{"driver":"ebs.csi.aws.com","volumeHandle":"vol-0123"}},"status":{"phase":"Bound"}}""")
        .Add("/api/v1/serviceaccounts", "ServiceAccount", """{"metadata":{"name":"runner","namespace":"shop","uid":"u-sa"}}""")
        .Add("/apis/networking.k8s.io/v1/ingresses", "Ingress", """{"metadata":{"name":"front","namespace":"shop","uid":"u-ing"},"spec":{"rules":[{"host":"shop.example","http":{"paths":[{"path":"/","backend":{"service":{"name":"web-svc","port":{"number":80}}}}]}}],"tls":[{"secretName":"tls"}]}}""")
        .Add("/apis/networking.k8s.io/v1/networkpolicies", "NetworkPolicy", """{"metadata":{"name":"deny","namespace":"shop","uid":"u-np"},"spec":{"podSelector":{},"policyTypes":["Ingress"]}}""")
        .Add("/apis/autoscaling/v2/horizontalpodautoscalers", "HorizontalPodAutoscaler", """{"metadata":{"name":"scale","namespace":"shop","uid":"u-hpa"},"spec":{"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"web"}}}""")
        .Add("/apis/rbac.authorization.k8s.io/v1/clusterroles", "ClusterRole", """{"metadata":{"name":"reader","uid":"u-role"},"rules":[{"apiGroups":[""],"resources":["pods"],"verbs":["get","list"]}]}""")
        .Add("/apis/rbac.authorization.k8s.io/v1/rolebindings", "RoleBinding", """{"metadata":{"name":"bind","namespace":"shop","uid":"u-bind"},"subjects":[{"kind":"ServiceAccount","name":"runner","namespace":"shop"}],"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"reader"}}""")
        .Add("/apis/space.example/v1/rockets", "Rocket", """{"metadata":{"name":"apollo","namespace":"shop","uid":"u-rocket"},"spec":{"launchCode":"hunter2"}}""");

    private SourceSettings Source => new("prod", "kubernetes") { Accounts = [new("") { KubeConfig = cluster.KubeConfig }] };

    private KubernetesCollector Collector() => new(new GivenSecrets(), time, new CollectorLimits { Pages = 20 });

    private Task<Observed> ScanAsync() => Observed.ByAsync(Collector(), Source, TestContext.Current.CancellationToken);

    protected override async Task<SourceResult> StoreAsync(GraphFixture graph) => Assert.Single((await graph.ScanAsync([Source], [Collector()], null)).Sources);
}
