using McpInfra.Graph.Collectors.Documents;

namespace McpInfra.Graph.Store;

/// <summary>A document's kind as it is stored.</summary>
internal static class DocumentKinds
{
    public static string Name(DocumentKind kind) => kind.ToString().ToLowerInvariant();

    public static DocumentKind Read(string name) => Enum.Parse<DocumentKind>(name, ignoreCase: true);
}
