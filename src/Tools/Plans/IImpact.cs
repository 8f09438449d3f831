namespace McpInfra.Tools.Plans;

/// <summary>What the graph knows of code addresses: which resource each is, and what a change of it may touch.</summary>
public interface IImpact
{
    /// <summary>Begins what the first answer would wait for.</summary>
    void Prepare(string organization);

    /// <summary>By address; an address that the graph does not know is left out.</summary>
    ValueTask<IReadOnlyDictionary<string, AddressImpact>> OfAsync(string organization, string repository, string stack, IReadOnlyList<string> addresses, CancellationToken stop);
}

/// <summary>What a change of one resource may touch.</summary>
/// <param name="Resource">Its id in the graph.</param>
/// <param name="Affected">How many resources use it, directly or through others.</param>
/// <param name="First">Names of a few of them: tenant's text.</param>
public sealed record AddressImpact(string Resource, int Affected, IReadOnlyList<string> First);
