namespace McpInfra.Graph;

/// <summary>The common vocabulary. A relation is stored once, from the one that says it to the one it is said of; its inverse is a direction of travel.</summary>
public enum RelationType
{
    /// <summary>Container to contained: VPC to subnet. Impact runs container → contained.</summary>
    Contains,

    /// <summary>Secured to security group, firewall or policy.</summary>
    SecuredBy,

    /// <summary>Routed to gateway or route table.</summary>
    RoutesVia,

    /// <summary>Connected to endpoint.</summary>
    ConnectedTo,

    /// <summary>Network to peer.</summary>
    PeeredWith,

    /// <summary>Attached part to what it is attached to: volume to instance.</summary>
    AttachedTo,

    /// <summary>User to used.</summary>
    Uses,

    /// <summary>Encrypted to key.</summary>
    EncryptedBy,

    /// <summary>Host to hosted: subnet to instance. Impact runs host → hosted.</summary>
    Hosts,

    /// <summary>Workload to the identity it takes on.</summary>
    Assumes,

    /// <summary>Owner to owned. Impact runs owner → owned.</summary>
    Owns,

    /// <summary>Dependent to dependency, where an engine says no more.</summary>
    DependsOn,
}
