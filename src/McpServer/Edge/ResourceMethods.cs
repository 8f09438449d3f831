using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Guardrails;
using ModelContextProtocol.Protocol;

namespace McpInfra.Host.Edge;

/// <summary>resources/list, resources/templates/list and resources/read.</summary>
internal sealed class ResourceMethods(Pipeline pipeline, IReadOnlyList<ResourceRoute> routes)
{
    public IEnumerable<KeyValuePair<string, Func<Asked, CancellationToken, ValueTask<Reply>>>> All =>
    [
        new(RequestMethods.ResourcesList, List), new(RequestMethods.ResourcesTemplatesList, ListTemplates), new(RequestMethods.ResourcesRead, ReadAsync),
    ];

    private ValueTask<Reply> List(Asked asked, CancellationToken stop) =>
        new(new Reply(new JsonObject { ["resources"] = Entries(asked.Peer, "uri", templates: false) }) { Cacheable = true });

    private ValueTask<Reply> ListTemplates(Asked asked, CancellationToken stop) =>
        new(new Reply(new JsonObject { ["resourceTemplates"] = Entries(asked.Peer, "uriTemplate", templates: true) }) { Cacheable = true });

    private JsonArray Entries(Peer peer, string key, bool templates)
    {
        var allowed = routes.Select(route => route.Kind).Distinct().SelectMany(kind => pipeline.List(peer, kind)).Select(operation => (operation.Kind, operation.Name)).ToHashSet();
        return
        [
            .. from route in routes
               where route.IsTemplate == templates && allowed.Contains((route.Kind, route.Operation))
               select new JsonObject { [key] = route.Uri, ["name"] = route.Name, ["description"] = route.Description, ["mimeType"] = route.MediaType },
        ];
    }

    private async ValueTask<Reply> ReadAsync(Asked asked, CancellationToken stop)
    {
        var uri = asked.Text("uri");
        var (route, arguments) = Find(uri);

        // A URI of no route is asked for as it is: no operation has its name, and the trail says that it was tried.
        var outcome = await pipeline.CallAsync(new Request(route?.Kind ?? OperationKind.Resource, route?.Operation ?? uri, arguments, asked.Peer), stop);
        return outcome.Answer switch
        {
            null => Reply.Refused(outcome),
            { IsFault: true } fault => Reply.Fault(fault),
            var answer => new Reply(new JsonObject
            {
                ["contents"] = new JsonArray(new JsonObject { ["uri"] = uri, ["mimeType"] = route!.MediaType, ["text"] = asked.Shown(answer) }),
            })
            { Cacheable = true },
        };
    }

    private (ResourceRoute? Route, JsonElement Arguments) Find(string uri)
    {
        foreach (var route in routes)
        {
            if (route.Match(uri) is { } arguments)
            {
                return (route, arguments);
            }
        }

        return (null, default);
    }
}
