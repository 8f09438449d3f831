using System.Text.Json.Nodes;
using McpInfra.Graph.Collectors.State;

namespace McpInfra.Graph.Drift;

/// <summary>Compares what a cloud and a state say of one resource: only what a mapping knows of both, and never a value that is or stands for a secret.</summary>
internal static class Comparison
{
    private const string NotRead = "NotRead";
    private const string Region = "region";

    /// <summary>The differences.</summary>
    /// <param name="cloud">As the cloud tells it.</param>
    /// <param name="state">As the state tells it.</param>
    /// <param name="sharedElsewhere">Whether another state configures parts of it.</param>
    public static ResourceDrift Of(Resource cloud, Resource state, bool sharedElsewhere)
    {
        var attributes = ComparedAttribute.Of(cloud.Type);
        if (attributes.Count == 0)
        {
            return ResourceDrift.None("no attribute of this type has a mapping between a state and a cloud");
        }

        // A listing that only names a resource tells nothing of it: what it leaves out is not gone.
        if (!attributes.Any(attribute => attribute.Form is not ComparedForm.Tags && Fact(cloud, attribute.Cloud) is not null))
        {
            return ResourceDrift.None("the cloud's listing tells none of the compared attributes");
        }

        var (drifted, alike, not) = (new List<DriftedAttribute>(), new List<string>(), new List<UncomparedAttribute>());
        foreach (var attribute in attributes)
        {
            if (attribute.Form is ComparedForm.Tags)
            {
                Tags(cloud, state, drifted, alike, not);
            }
            else if (Uncompared(attribute, cloud, state, sharedElsewhere) is { } reason)
            {
                not.Add(new UncomparedAttribute(attribute.State, reason));
            }
            else if (Values.Difference(attribute, Fact(state, attribute.State), Fact(cloud, attribute.Cloud)) is { } differs)
            {
                drifted.Add(differs);
            }
            else
            {
                alike.Add(attribute.State);
            }
        }

        return new ResourceDrift(drifted, alike, not);
    }

    private static string? Uncompared(ComparedAttribute attribute, Resource cloud, Resource state, bool sharedElsewhere)
    {
        var (told, seen) = (Fact(state, attribute.State), Fact(cloud, attribute.Cloud));
        return told is null ? "the state has no readable value"
            : seen is null && (attribute.None is null || cloud.Configuration.ContainsKey(NotRead)) ? "the cloud does not tell it"
            : attribute.IsShared && sharedElsewhere ? "another state configures it too"
            : Values.IsSecret(told) || Values.IsSecret(seen) ? "it holds what looks like a secret, or stands for one"
            : attribute.Form is ComparedForm.Id && Values.IsAlias(told) != Values.IsAlias(seen) && seen is not null && !Values.IsNone(attribute, told) ? "one side names an alias"
            : null;
    }

    private static void Tags(Resource cloud, Resource state, List<DriftedAttribute> drifted, List<string> alike, List<UncomparedAttribute> not)
    {
        if (cloud.Configuration[NotRead]?.ToJsonString().Contains("Tag", StringComparison.Ordinal) == true)
        {
            not.Add(new UncomparedAttribute("tags", "the cloud does not tell them"));
            return;
        }

        var before = drifted.Count;
        foreach (var key in cloud.Tags.Keys.Union(state.Tags.Keys).Where(key => !IsProviders(key)).Order(StringComparer.Ordinal))
        {
            var (told, seen) = (state.Tags.GetValueOrDefault(key), cloud.Tags.GetValueOrDefault(key));
            if (SecretShapes.IsSecretName(key) || Values.IsSecret(told) || Values.IsSecret(seen))
            {
                not.Add(new UncomparedAttribute($"tags.{key}", "it holds what looks like a secret, or stands for one"));
            }
            else if (told != seen)
            {
                drifted.Add(new DriftedAttribute($"tags.{key}", told ?? Values.NotSet, seen ?? Values.NotSet));
            }
        }

        if (drifted.Count == before)
        {
            alike.Add("tags");
        }
    }

    // Providers put some on by themselves.
    private static bool IsProviders(string key) =>
        key.StartsWith("aws:", StringComparison.Ordinal) || key.StartsWith("goog-", StringComparison.Ordinal) || key.StartsWith("hidden-", StringComparison.OrdinalIgnoreCase) || key.StartsWith("ms-resource-usage", StringComparison.OrdinalIgnoreCase);

    private static JsonNode? Fact(Resource resource, string path)
    {
        if (path == Region)
        {
            return resource.Region is { } region ? JsonValue.Create(region) : null;
        }

        var facts = resource.Configuration;
        return facts.TryGetPropertyValue(path, out var whole) ? whole
            : path.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && facts[path[..dot]] is JsonObject inner ? inner[path[(dot + 1)..]] : null;
    }
}
