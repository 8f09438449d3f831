namespace McpInfra.Graph.Hcl;

/// <summary>Finds what a stack's code declares, by address and by line, through its local modules.</summary>
public sealed class CodeIndex
{
    /// <summary>Addresses of one stack; a stack that declares more is cut and says so among its faults.</summary>
    public const int Addresses = 100_000;

    /// <summary>Blocks of one stack, a module's counted at each use.</summary>
    public const int Blocks = 1_000_000;

    /// <summary>Modules within modules; more are not followed.</summary>
    public const int Depth = 20;

    private readonly Dictionary<string, CodeLocation> _locations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<DeclaredResource>> _byFile = new(StringComparer.Ordinal);
    private readonly List<DeclaredResource> _declared = [];
    private readonly List<HclFault> _faults = [];

    private CodeIndex()
    {
    }

    /// <summary>Every declared resource and data source, the stack's own first.</summary>
    public IReadOnlyList<DeclaredResource> Declared => _declared;

    /// <summary>Files that could not be read to their end, and limits that were met; the rest is indexed.</summary>
    public IReadOnlyList<HclFault> Faults => _faults;

    /// <summary>Reads the stack and every local module it uses. Files that are no code are never looked at.</summary>
    /// <param name="files">Bytes by path relative to the repository's root, with `/`.</param>
    /// <param name="stackFolder">The stack's folder; "." for the root.</param>
    public static CodeIndex Build(IReadOnlyDictionary<string, byte[]> files, string stackFolder)
    {
        var index = new CodeIndex();
        var tree = new CodeTree(files);
        index.Add(tree, CodePath.Normal(stackFolder) ?? ".");
        index._faults.InsertRange(0, tree.Faults);
        return index;
    }

    /// <summary>Where an address is declared, keys of `count` and `for_each` aside; a `module.x` leads to the call. Null when nothing declares it.</summary>
    public CodeLocation? Find(string address) =>
        CodeAddress.WithoutKeys(address) is { } declared ? _locations.GetValueOrDefault(declared) : null;

    /// <summary>What the line declares; several when the stack uses its module several times.</summary>
    public IReadOnlyList<DeclaredResource> At(string file, int line) =>
        [.. _byFile.GetValueOrDefault(file, []).Where(one => one.Location.Line <= line && line <= one.Location.EndLine)];

    private void Add(CodeTree tree, string stack)
    {
        var visited = 0;
        var waiting = new Queue<Use>([new(stack, "", [stack])]);
        while (waiting.TryDequeue(out var use))
        {
            foreach (var file in tree.Module(use.Folder) ?? [])
            {
                foreach (var block in file.Body.Blocks)
                {
                    if (_locations.Count >= Addresses || ++visited > Blocks)
                    {
                        _faults.Add(new(file.Path, block.Span.Line, 1, $"expected at most {Addresses} addresses and {Blocks} blocks in a stack"));
                        return;
                    }

                    Add(file.Path, block, use, waiting);
                }
            }
        }
    }

    private void Add(string file, HclBlock block, Use use, Queue<Use> waiting)
    {
        var location = new CodeLocation(file, block.Span.Line, block.Span.EndLine);
        switch (block)
        {
            case { Type: "resource" or "data", Labels: [var type, var name] }:
                var isData = block.Type == "data";
                Add(new($"{use.Prefix}{(isData ? "data." : "")}{type}.{name}", type, name, isData, location));
                break;
            case { Type: "check" }:
                foreach (var scoped in block.Body.Blocks)
                {
                    Add(file, scoped, use, waiting);
                }

                break;
            case { Type: "module", Labels: [var name] } when _locations.TryAdd($"{use.Prefix}module.{name}", location):
                if (LocalSource(block, use.Folder) is { } folder && !use.Through.Contains(folder) && use.Through.Count < Depth)
                {
                    waiting.Enqueue(new(folder, $"{use.Prefix}module.{name}.", [.. use.Through, folder]));
                }

                break;
        }
    }

    private void Add(DeclaredResource declared)
    {
        if (!_locations.TryAdd(declared.Address, declared.Location))
        {
            return; // An override file says more about it, elsewhere.
        }

        _declared.Add(declared);
        if (!_byFile.TryGetValue(declared.Location.File, out var beside))
        {
            _byFile.Add(declared.Location.File, beside = []);
        }

        beside.Add(declared);
    }

    private static string? LocalSource(HclBlock module, string folder) =>
        module.Body.Attribute("source")?.Value is HclExpression.Text { Value: var source } && ModuleSource.IsLocal(source)
            ? CodePath.Join(folder, source)
            : null;

    private sealed record Use(string Folder, string Prefix, IReadOnlyList<string> Through);
}
