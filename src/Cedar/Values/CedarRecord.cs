using System.Diagnostics.CodeAnalysis;

namespace McpInfra.Cedar;

/// <summary>Values by name; immutable, sorted by name.</summary>
public sealed class CedarRecord : IEquatable<CedarRecord>
{
    private readonly string[] names;
    private readonly Value[] values;

    private CedarRecord(string[] names, Value[] values) => (this.names, this.values) = (names, values);

    /// <summary>A record without attributes.</summary>
    public static CedarRecord Empty { get; } = new([], []);

    /// <summary>How many attributes it has.</summary>
    public int Count => names.Length;

    /// <summary>The attributes' names, in order.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>The attributes' values, in the order of the names.</summary>
    public IReadOnlyList<Value> Values => values;

    /// <summary>A record of these attributes; of two with one name the last counts.</summary>
    public static CedarRecord From(IEnumerable<KeyValuePair<string, Value>> attributes)
    {
        var byName = new SortedDictionary<string, Value>(StringComparer.Ordinal);
        foreach (var (name, value) in attributes)
        {
            byName[name] = value;
        }

        return byName.Count == 0 ? Empty : new([.. byName.Keys], [.. byName.Values]);
    }

    internal static CedarRecord FromSorted(string[] names, Value[] values) => new(names, values);

    /// <summary>The value of an attribute.</summary>
    public bool TryGet(string name, [MaybeNullWhen(false)] out Value value)
    {
        var at = Find(name);
        value = at >= 0 ? values[at] : default;
        return at >= 0;
    }

    /// <summary>Whether it has the attribute.</summary>
    public bool Has(string name) => Find(name) >= 0;

    /// <inheritdoc />
    public bool Equals(CedarRecord? other) =>
        ReferenceEquals(this, other)
        || (other is not null && names.AsSpan().SequenceEqual(other.names) && values.AsSpan().SequenceEqual(other.values));

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as CedarRecord);

    /// <inheritdoc />
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        for (var index = 0; index < names.Length; index++)
        {
            hash.Add(names[index]);
            hash.Add(values[index]);
        }

        return hash.ToHashCode();
    }

    private int Find(string name)
    {
        if (names.Length > 8)
        {
            return Array.BinarySearch(names, name, StringComparer.Ordinal);
        }

        for (var index = 0; index < names.Length; index++)
        {
            if (string.Equals(names[index], name))
            {
                return index;
            }
        }

        return -1;
    }
}
