using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace McpInfra.Guardrails.Manifests;

/// <summary>
/// Strict reading of a YAML mapping: every key is asked for once by name, every misfit becomes a <see cref="Fault"/> with its line, and a key nobody asked for is one too.
/// Reading goes on after a fault, so that all of them are reported at once.
/// </summary>
public sealed class ManifestMap
{
    private const int MostBytes = 1 << 20;
    private readonly YamlMappingNode node;
    private readonly List<Fault> faults;
    private readonly string path;
    private readonly HashSet<string> known = [];
    private readonly List<ManifestMap> within = [];

    private ManifestMap(string file, string path, YamlMappingNode node, List<Fault> faults) =>
        (File, this.path, this.node, this.faults) = (file, path, node, faults);

    /// <summary>The file as it was named.</summary>
    public string File { get; }

    /// <summary>The top mapping of a file, or null with the faults that say why not.</summary>
    public static ManifestMap? Read(string file, List<Fault> faults)
    {
        try
        {
            if (new FileInfo(file).Length > MostBytes)
            {
                faults.Add(new Fault(file, 0, "is larger than 1 MB"));
                return null;
            }

            using var reader = new StreamReader(file);
            return Parse(file, reader, faults);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            faults.Add(new Fault(file, 0, "cannot be read: " + (exception is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : "permission or disk")));
            return null;
        }
    }

    /// <summary>The top mapping of a text, or null with the faults that say why not. An empty text is an empty mapping.</summary>
    public static ManifestMap? Parse(string file, TextReader text, List<Fault> faults)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StrictParser(new Parser(text), file, faults));
            if (stream.Documents.Count > 1)
            {
                faults.Add(new Fault(file, 0, "must be one YAML document"));
                return null;
            }

            var root = stream.Documents.Count == 0 ? new YamlMappingNode() : stream.Documents[0].RootNode;
            if (root is YamlMappingNode mapping)
            {
                return new ManifestMap(file, "", mapping, faults);
            }

            faults.Add(new Fault(file, (int)root.Start.Line, "must be a mapping of keys to values"));
            return null;
        }
        catch (YamlException exception)
        {
            faults.Add(new Fault(file, (int)exception.Start.Line, "is not YAML as it is read here: " + exception.Message.Split(": ")[^1].TrimEnd('.')));
            return null;
        }
    }

    /// <summary>The keys as they stand, for mappings whose keys are free.</summary>
    public IReadOnlyList<string> Keys => [.. node.Children.Keys.OfType<YamlScalarNode>().Select(key => key.Value ?? "")];

    /// <summary>Line of a key, or of the mapping when it is absent.</summary>
    public int LineOf(string key) => (int)(Find(key) is { } value ? KeyNode(key)!.Start.Line : node.Start.Line);

    /// <summary>Whether the key is there with nothing after it.</summary>
    public bool IsBlank(string key) => Find(key) is YamlScalarNode { Value: "" or "~" or "null", Style: ScalarStyle.Plain };

    /// <summary>Records a fault at a key.</summary>
    public void Fault(string key, string message) => faults.Add(new Fault(File, LineOf(key), $"{Path(key)} {message}"));

    /// <summary>A text; null when absent.</summary>
    public string? Text(string key, bool required = false)
    {
        var value = Take(key, required);
        if (value is null)
        {
            return null;
        }

        if (value is YamlScalarNode { Value: { } text } && text.Trim().Length > 0)
        {
            return text;
        }

        Fault(key, "must be a text");
        return null;
    }

    /// <summary>A whole number within bounds; the fallback when absent or wrong.</summary>
    public int Number(string key, int least, int most, int fallback)
    {
        var value = Take(key, required: false);
        if (value is null)
        {
            return fallback;
        }

        if (value is YamlScalarNode { Value: { } text } && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        Fault(key, $"must be a whole number from {least} to {most}");
        return fallback;
    }

    /// <summary>One of named choices; the fallback when absent or wrong.</summary>
    public T Choice<T>(string key, IReadOnlyDictionary<string, T> choices, T fallback, bool required = false)
    {
        var value = Take(key, required);
        if (value is null)
        {
            return fallback;
        }

        if (value is YamlScalarNode { Value: { } text } && choices.TryGetValue(text, out var chosen))
        {
            return chosen;
        }

        Fault(key, $"must be one of {string.Join(", ", choices.Keys)}");
        return fallback;
    }

    /// <summary>A list of texts; null when absent.</summary>
    public IReadOnlyList<string>? Texts(string key, bool required = false)
    {
        var value = Take(key, required);
        if (value is null)
        {
            return null;
        }

        if (value is YamlSequenceNode sequence && sequence.All(item => item is YamlScalarNode { Value.Length: > 0 }))
        {
            return [.. sequence.Select(item => ((YamlScalarNode)item).Value!)];
        }

        Fault(key, "must be a list of texts");
        return null;
    }

    /// <summary>A mapping; null when absent.</summary>
    public ManifestMap? Map(string key, bool required = false)
    {
        var value = Take(key, required);
        if (value is null)
        {
            return null;
        }

        if (value is YamlMappingNode mapping)
        {
            return Within(Path(key), mapping);
        }

        Fault(key, "must be a mapping of keys to values");
        return null;
    }

    /// <summary>A list of mappings; empty when absent.</summary>
    public IReadOnlyList<ManifestMap> Maps(string key)
    {
        var value = Take(key, required: false);
        if (value is null)
        {
            return [];
        }

        if (value is YamlSequenceNode sequence && sequence.All(item => item is YamlMappingNode))
        {
            return [.. sequence.Select((item, index) => Within($"{Path(key)}[{index}]", (YamlMappingNode)item))];
        }

        Fault(key, "must be a list of mappings");
        return [];
    }

    /// <summary>Ends the reading: keys nobody asked for, here and within, become faults.</summary>
    public void Close()
    {
        foreach (var (key, _) in node.Children)
        {
            if (key is not YamlScalarNode { Value: { } name } || !known.Contains(name))
            {
                var allowed = known.Count == 0 ? "nothing is allowed here" : "allowed are " + string.Join(", ", known.Order(StringComparer.Ordinal));
                faults.Add(new Fault(File, (int)key.Start.Line, $"unknown key {Path((key as YamlScalarNode)?.Value ?? "?")}; {allowed}"));
            }
        }

        foreach (var map in within)
        {
            map.Close();
        }
    }

    private ManifestMap Within(string at, YamlMappingNode mapping)
    {
        var map = new ManifestMap(File, at, mapping, faults);
        within.Add(map);
        return map;
    }

    private YamlNode? Take(string key, bool required)
    {
        known.Add(key);
        var value = IsBlank(key) ? null : Find(key);
        if (value is null && required)
        {
            faults.Add(new Fault(File, (int)node.Start.Line, $"{Path(key)} is missing"));
        }

        return value;
    }

    private YamlNode? Find(string key) => KeyNode(key) is { } found ? node.Children[found] : null;

    private YamlScalarNode? KeyNode(string key) => node.Children.Keys.OfType<YamlScalarNode>().FirstOrDefault(candidate => candidate.Value == key);

    private string Path(string key) => path.Length == 0 ? key : $"{path}.{key}";
}
