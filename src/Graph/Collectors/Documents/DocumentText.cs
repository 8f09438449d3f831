using System.Text;

namespace McpInfra.Graph.Collectors.Documents;

/// <summary>A file's text: by the mark of its encoding where it has one, else UTF-8; what is neither reads as U+FFFD.</summary>
internal static class DocumentText
{
    public static string Of(byte[] file)
    {
        using var reader = new StreamReader(new MemoryStream(file), Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
