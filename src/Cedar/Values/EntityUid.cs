using System.Diagnostics.CodeAnalysis;

namespace McpInfra.Cedar;

/// <summary>Names an entity: its type (`Namespace::Type`) and its id.</summary>
public sealed class EntityUid : IEquatable<EntityUid>
{
    private readonly int hash;

    /// <summary>A reference; the type is taken as it is, see <see cref="TryParse"/> for text of strangers.</summary>
    public EntityUid(string type, string id)
    {
        (Type, Id) = (type, id);
        hash = HashCode.Combine(string.GetHashCode(type, StringComparison.Ordinal), string.GetHashCode(id, StringComparison.Ordinal));
    }

    /// <summary>The type with its namespace.</summary>
    public string Type { get; }

    /// <summary>The id within the type; any text.</summary>
    public string Id { get; }

    internal bool IsAction => Names.IsAction(Type);

    /// <summary>Reads `Namespace::Type::"id"`.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out EntityUid? uid)
    {
        uid = new PolicyParser(new SourceText("", text)).ParseOnlyEntity();
        return uid is not null;
    }

    /// <inheritdoc />
    public bool Equals(EntityUid? other) =>
        ReferenceEquals(this, other)
        || (other is not null && hash == other.hash && string.Equals(Id, other.Id) && string.Equals(Type, other.Type));

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as EntityUid);

    /// <inheritdoc />
    public override int GetHashCode() => hash;

    /// <summary>Cedar syntax: `Type::"id"`.</summary>
    public override string ToString() => $"{Type}::{Quoting.Quote(Id)}";
}
