using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Amazon;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>One region of one account, and how things in it are named.</summary>
internal sealed class AwsScope : IDisposable
{
    private readonly string? _environment;
    private readonly ConcurrentDictionary<Type, Lazy<IDisposable>> _clients = new();

    public AwsScope(AwsConnection connection, string account, string region, string? environment, CancellationToken stop)
    {
        Connection = connection;
        Account = account;
        Region = region;
        Stop = stop;
        _environment = environment;
        Partition = RegionEndpoint.GetBySystemName(region).PartitionName;
        Signed = new SignedClient(connection, region);
        Tags = new TagIndex(this);
        Keys = new KeyAliases(this);
    }

    public AwsConnection Connection { get; }

    /// <summary>Where a listing that is read from here begins, and what takes note of how far it comes; null for what starts anew.</summary>
    public Place? Place { get; private set; }

    public string Account { get; }

    public string Region { get; }

    public string Partition { get; }

    /// <summary>Ends with the scan; for what several listings wait for.</summary>
    public CancellationToken Stop { get; }

    /// <summary>For services without a package.</summary>
    public SignedClient Signed { get; }

    /// <summary>Tags of the region's resources whose own listings leave them out.</summary>
    public TagIndex Tags { get; }

    /// <summary>Which key an alias stands for.</summary>
    public KeyAliases Keys { get; }

    /// <summary>The scope's one client of a service.</summary>
    public T Client<T>(Func<AwsScope, T> make)
        where T : IDisposable => (T)_clients.GetOrAdd(typeof(T), _ => new Lazy<IDisposable>(() => make(this))).Value;

    /// <summary>The same scope, read from a place on.</summary>
    public AwsScope From(Place place)
    {
        var scope = (AwsScope)MemberwiseClone();
        scope.Place = place;
        return scope;
    }

    public string Arn(string service, string resource) => $"arn:{Partition}:{service}:{Region}:{Account}:{resource}";

    /// <summary>A resource of this region, or a global one.</summary>
    public Observation Seen(
        string id,
        string type,
        string name,
        JsonObject facts,
        IReadOnlyDictionary<string, string>? tags = null,
        string? status = null,
        IEnumerable<string?>? aliases = null,
        bool global = false) => new Observation.Seen(new Resource
        {
            Id = id,
            Type = type,
            Name = name,
            Provider = "aws",
            Account = Account,
            Region = global ? null : Region,
            Status = status,
            Environment = (tags is null ? null : AwsTags.Environment(tags)) ?? _environment,
            Tags = tags ?? new Dictionary<string, string>(),
            Aliases = [.. (aliases ?? []).OfType<string>()],
            Configuration = facts,
        });

    /// <summary>A resource of the account with the environment that its tags or the source say.</summary>
    public Observation Placed(Resource resource) => new Observation.Seen(resource with { Environment = AwsTags.Environment(resource.Tags) ?? _environment });

    public void Dispose()
    {
        foreach (var client in _clients.Values.Where(c => c.IsValueCreated))
        {
            client.Value.Dispose();
        }
    }
}
