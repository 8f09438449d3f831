namespace McpInfra.Graph;

/// <summary>That a state manages a resource.</summary>
/// <param name="Resource">Id or alias of the resource.</param>
/// <param name="Address">Its address in code, with module path and instance key: `module.a["x"].aws_vpc.main[0]`.</param>
/// <param name="Engine">"terraform".</param>
/// <param name="State">Name of the source that holds the state, with `/` and the file where the source is a folder of several.</param>
public sealed record Managed(string Resource, string Address, string Engine, string State);
