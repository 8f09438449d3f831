namespace McpInfra.Graph.Hcl;

/// <summary>The code among a repository's files, read once and within a total size. Not for several threads at once.</summary>
public sealed class CodeTree
{
    /// <summary>Bytes of code that one tree reads; files beyond it are unreadable.</summary>
    public const int Bytes = 16 * 1024 * 1024;

    private readonly IReadOnlyDictionary<string, long> _sizes;
    private readonly Func<string, byte[]> _bytes;
    private readonly ILookup<string, string> _byFolder;
    private readonly Dictionary<string, HclFile> _read = new(StringComparer.Ordinal);
    private long _total;

    /// <param name="files">Bytes by path relative to the repository's root, with `/`.</param>
    public CodeTree(IReadOnlyDictionary<string, byte[]> files)
        : this(files.ToDictionary(file => file.Key, file => (long)file.Value.Length, StringComparer.Ordinal), path => files[path])
    {
    }

    /// <param name="sizes">Sizes by path; nothing beyond the limits is asked for.</param>
    /// <param name="bytes">The bytes of a path.</param>
    public CodeTree(IReadOnlyDictionary<string, long> sizes, Func<string, byte[]> bytes)
    {
        (_sizes, _bytes) = (sizes, bytes);
        _byFolder = sizes.Keys.Order(StringComparer.Ordinal).ToLookup(CodePath.Folder, StringComparer.Ordinal);
    }

    /// <summary>Every file read so far that was not readable to its end.</summary>
    public IEnumerable<HclFault> Faults => _read.Values.Select(file => file.Fault).OfType<HclFault>();

    /// <summary>Paths of the files directly in a folder, in the order in which the engine reads them.</summary>
    public IEnumerable<string> In(string folder) => _byFolder[folder];

    /// <summary>Whether the tree has the file.</summary>
    public bool Has(string path) => _sizes.ContainsKey(path);

    /// <summary>Paths directly in a folder that the engine takes for that kind, in its order.</summary>
    public IEnumerable<string> In(string folder, EngineFile kind) => In(folder).Where(path => EngineFiles.Kind(CodePath.Name(path)) == kind);

    /// <summary>A file, read.</summary>
    public HclFile Read(string path) => Read(path, HclReader.Read);

    /// <summary>A file, read as one template.</summary>
    public HclFile ReadTemplate(string path) => Read(path, HclReader.ReadTemplate);

    /// <summary>The module in a folder: its code first, what overrides it after; null when no code is there.</summary>
    public IReadOnlyList<HclFile>? Module(string folder)
    {
        var paths = In(folder, EngineFile.Code).Concat(In(folder, EngineFile.Override)).ToList();
        return paths.Count == 0 ? null : paths.ConvertAll(Read);
    }

    private HclFile Read(string path, Func<string, ReadOnlyMemory<byte>, HclFile> read)
    {
        var key = $"{read.Method.Name} {path}";
        if (!_read.TryGetValue(key, out var file))
        {
            _read.Add(key, file = TooLarge(path) is { } fault ? new(path, HclBody.Empty, fault) : read(path, _bytes(path)));
        }

        return file;
    }

    private HclFault? TooLarge(string path)
    {
        if (_sizes[path] > HclLimits.Bytes)
        {
            return new(path, 1, 1, $"expected at most {HclLimits.Bytes / (1024 * 1024)} MiB");
        }

        _total += _sizes[path];
        return _total > Bytes ? new(path, 1, 1, $"expected at most {Bytes / (1024 * 1024)} MiB of code in all") : null;
    }
}
