using System.Xml;
using System.Xml.Linq;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>Reads AWS's Query answers by local name, whatever the namespace.</summary>
internal static class AwsXml
{
    /// <summary>No document type, no outside entity.</summary>
    public static XmlReaderSettings Settings { get; } = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    public static XElement Parse(Stream answer)
    {
        using var reader = XmlReader.Create(answer, Settings);
        return XElement.Load(reader);
    }

    public static XElement? Child(this XElement? element, string name) => element?.Elements().FirstOrDefault(e => e.Name.LocalName == name);

    /// <summary>A child's text; null when it is absent or empty.</summary>
    public static string? Text(this XElement? element, string name) => element.Child(name)?.Value is { Length: > 0 } text ? text : null;

    public static bool? Flag(this XElement? element, string name) => element.Text(name) is { } text ? text == "true" : null;

    public static int? Number(this XElement? element, string name) => int.TryParse(element.Text(name), out var number) ? number : null;

    /// <summary>The elements of a list, whatever each is called.</summary>
    public static IEnumerable<XElement> Items(this XElement? element, string name) => element.Child(name)?.Elements() ?? [];

    /// <summary>A list of Key and Value pairs.</summary>
    public static IReadOnlyDictionary<string, string> Tags(this XElement? element, string name) =>
        AwsTags.Of(element.Items(name), t => t.Text("Key"), t => t.Text("Value"));
}
