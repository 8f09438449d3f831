namespace McpInfra.Cedar;

/// <summary>Values without order or duplicates; immutable.</summary>
public sealed class CedarSet : IEquatable<CedarSet>
{
    private const int LinearLimit = 8;
    private readonly Value[] values;
    private readonly HashSet<Value>? index;

    private CedarSet(Value[] values, HashSet<Value>? index) => (this.values, this.index) = (values, index);

    /// <summary>The set without members.</summary>
    public static CedarSet Empty { get; } = new([], null);

    /// <summary>How many members it has.</summary>
    public int Count => values.Length;

    /// <summary>The members, in the order in which they were first given.</summary>
    public IReadOnlyList<Value> Values => values;

    internal ReadOnlySpan<Value> Members => values;

    /// <summary>The set of these values.</summary>
    public static CedarSet From(IEnumerable<Value> members) => From(members.ToArray().AsSpan());

    internal static CedarSet From(ReadOnlySpan<Value> members)
    {
        if (members.Length > LinearLimit)
        {
            var index = new HashSet<Value>(members.Length);
            var kept = new List<Value>(members.Length);
            foreach (var member in members)
            {
                if (index.Add(member))
                {
                    kept.Add(member);
                }
            }

            return new([.. kept], index);
        }

        var distinct = new Value[members.Length];
        var count = 0;
        foreach (var member in members)
        {
            if (!distinct.AsSpan(0, count).Contains(member))
            {
                distinct[count++] = member;
            }
        }

        return count == 0 ? Empty : new(count == distinct.Length ? distinct : distinct[..count], null);
    }

    /// <summary>Whether the value is a member.</summary>
    public bool Contains(Value value) => index?.Contains(value) ?? values.AsSpan().Contains(value);

    /// <summary>Whether every member of the other is one of this.</summary>
    public bool ContainsAll(CedarSet other)
    {
        foreach (var member in other.values)
        {
            if (!Contains(member))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether any member of the other is one of this.</summary>
    public bool ContainsAny(CedarSet other)
    {
        var (few, many) = other.Count <= Count ? (other, this) : (this, other);
        foreach (var member in few.values)
        {
            if (many.Contains(member))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc />
    public bool Equals(CedarSet? other) => ReferenceEquals(this, other) || (other is not null && Count == other.Count && ContainsAll(other));

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as CedarSet);

    /// <inheritdoc />
    public override int GetHashCode()
    {
        var sum = values.Length;
        foreach (var member in values)
        {
            sum = unchecked(sum + member.GetHashCode());
        }

        return sum;
    }
}
