namespace McpInfra.Guardrails.Identity;

/// <summary>Establishes who calls.</summary>
public interface IIdentities
{
    /// <summary>The organisation of this server, for records of requests whose caller is unknown.</summary>
    string Organization { get; }

    /// <summary>The caller behind a peer, or a denial; throwing denies.</summary>
    Identified Identify(Peer peer);
}
