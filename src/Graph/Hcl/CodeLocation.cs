namespace McpInfra.Graph.Hcl;

/// <summary>Where something is declared.</summary>
/// <param name="File">Path relative to the repository's root, with `/`.</param>
/// <param name="Line">First line, from 1.</param>
/// <param name="EndLine">Last line, inclusive.</param>
public sealed record CodeLocation(string File, int Line, int EndLine);

/// <summary>A resource or data source that code declares.</summary>
/// <param name="Address">Its address without the keys of `count` and `for_each`.</param>
/// <param name="Type">Terraform type, such as aws_vpc.</param>
/// <param name="Name">Its name in code.</param>
/// <param name="IsData">Whether it is read and not managed.</param>
/// <param name="Location">Where.</param>
public sealed record DeclaredResource(string Address, string Type, string Name, bool IsData, CodeLocation Location);
