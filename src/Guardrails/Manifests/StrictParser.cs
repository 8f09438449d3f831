using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace McpInfra.Guardrails.Manifests;

/// <summary>Hands on what may be read: no aliases, with which a small file can become a huge one, and of a key that stands twice in a mapping the first, with a fault for the other.</summary>
/// <param name="parser">What the file says.</param>
/// <param name="file">The file as it was named.</param>
/// <param name="faults">Where faults go.</param>
internal sealed class StrictParser(IParser parser, string file, List<Fault> faults) : IParser
{
    private readonly Stack<Level> within = new();

    /// <inheritdoc/>
    public ParsingEvent? Current => parser.Current;

    /// <inheritdoc/>
    public bool MoveNext()
    {
        var moved = parser.MoveNext();
        while (moved && parser.Current is Scalar key && within.TryPeek(out var mapping) && mapping is { AtKey: true } && !mapping.Keys.Add(key.Value))
        {
            faults.Add(new Fault(file, (int)key.Start.Line, $"{key.Value} stands twice"));
            SkipValue();
            moved = parser.MoveNext();
        }

        Follow();
        return moved;
    }

    private void SkipValue()
    {
        var depth = 0;
        do
        {
            parser.MoveNext();
            depth += parser.Current!.NestingIncrease;
        }
        while (depth > 0);
    }

    private void Follow()
    {
        switch (parser.Current)
        {
            case AnchorAlias alias:
                throw new YamlException(alias.Start, alias.End, "aliases are not read");
            case MappingStart or SequenceStart:
                within.Push(new Level { IsMapping = parser.Current is MappingStart, AtKey = parser.Current is MappingStart });
                break;
            case MappingEnd or SequenceEnd:
                within.Pop();
                Completed();
                break;
            case Scalar:
                Completed();
                break;
        }
    }

    private void Completed()
    {
        if (within.TryPeek(out var mapping) && mapping.IsMapping)
        {
            mapping.AtKey = !mapping.AtKey;
        }
    }

    private sealed class Level
    {
        public required bool IsMapping { get; init; }

        public required bool AtKey { get; set; }

        public HashSet<string> Keys { get; } = new(StringComparer.Ordinal);
    }
}
