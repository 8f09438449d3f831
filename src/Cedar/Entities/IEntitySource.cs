namespace McpInfra.Cedar;

/// <summary>Where entities come from. A decision asks at most once for each entity that the policies touch; the hierarchy is followed through parents.</summary>
public interface IEntitySource
{
    /// <summary>The entity, or null when there is none: it then has no attributes, tags or parents.</summary>
    Entity? Find(EntityUid uid);
}
