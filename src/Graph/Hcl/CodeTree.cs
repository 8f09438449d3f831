namespace McpInfra.Graph.Hcl;

/// <summary>The code among a repository's files, read once and within a total size. Not for several threads at once.</summary>
public sealed class CodeTree
{
    /// <summary>Bytes of code that one tree reads; files beyond it are unreadable.</summary>
    public const int Bytes = 16 * 1024 * 1024;

    private readonly IReadOnlyDictionary<string, byte[]> _files;
    private readonly ILookup<string, string> _byFolder;
    private readonly Dictionary<string, HclFile> _read = new(StringComparer.Ordinal);
    private long _bytes;

    /// <param name="files">Bytes by path relative to the repository's root, with `/`.</param>
    public CodeTree(IReadOnlyDictionary<string, byte[]> files)
    {
        _files = files;
        _byFolder = files.Keys.Order(StringComparer.Ordinal).ToLookup(CodePath.Folder, StringComparer.Ordinal);
    }

    /// <summary>Every file read so far that was not readable to its end.</summary>
    public IEnumerable<HclFault> Faults => _read.Values.Select(file => file.Fault).OfType<HclFault>();

    /// <summary>Paths of the files directly in a folder, in the order in which the engine reads them.</summary>
    public IEnumerable<string> In(string folder) => _byFolder[folder];

    /// <summary>Whether the tree has the file.</summary>
    public bool Has(string path) => _files.ContainsKey(path);

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
            _bytes += _files[path].Length;
            file = _bytes > Bytes
                ? new(path, HclBody.Empty, new(path, 1, 1, $"expected at most {Bytes / (1024 * 1024)} MiB of code in all"))
                : read(path, _files[path]);
            _read.Add(key, file);
        }

        return file;
    }
}
