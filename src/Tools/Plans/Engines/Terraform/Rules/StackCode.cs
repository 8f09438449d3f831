using McpInfra.Graph.Hcl;
using McpInfra.Tools.Git;
using McpInfra.Tools.Plans.Engines.Terraform.Modules;

namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>One tree's code of a stack: the stack's folder and every module it uses, of the tree or fetched, read.</summary>
internal sealed class StackCode
{
    private const int MostModules = 500;
    private const int MostFiles = 200_000;

    private readonly Dictionary<string, TreeFile> _files;
    private readonly Dictionary<string, CodeModule> _modules = new(StringComparer.Ordinal);
    private readonly List<RuleFault> _unreadable = [];
    private readonly HashSet<WantedModule> _wanted = [];

    private StackCode(CodeUnderPlan given, IReadOnlyList<TreeFile> files)
    {
        Given = given;
        Folder = CodePath.Normal(given.Stack) ?? ".";
        var all = files.Take(MostFiles).Concat(given.Fetched.Files).ToList();
        _files = all.DistinctBy(file => file.Path).ToDictionary(file => file.Path, StringComparer.Ordinal);
        _unreadable.AddRange(from twin in all.CountBy(file => file.Path)
                             where twin.Value > 1
                             select new RuleFault(twin.Key, 1, "two files must not have the same name, as names that are not UTF-8 may", "rename one"));
        var regular = _files.Values.Where(file => file.IsPlain);
        Tree = new(regular.ToDictionary(file => file.Path, file => file.Size, StringComparer.Ordinal), path => FetchedModules.Holds(path) ? given.Fetched.Read(_files[path], HclLimits.Bytes) : given.Read(_files[path]));
        if (files.Any(file => FetchedModules.Holds(file.Path)))
        {
            _unreadable.Add(new(FetchedModules.Root, 1, "the tree must not hold a folder of this name: fetched modules are read in it", "rename the folder"));
        }

        if (files.Count > MostFiles)
        {
            _unreadable.Add(new(Folder, 1, $"a tree may have at most {MostFiles} files", "register a smaller repository"));
        }
    }

    public CodeUnderPlan Given { get; }

    /// <summary>The stack's folder.</summary>
    public string Folder { get; }

    public CodeTree Tree { get; }

    /// <summary>Entries of the tree, and files that were fetched beside it.</summary>
    public IReadOnlyDictionary<string, TreeFile> Files => _files;

    /// <summary>Modules that must be fetched before all code is read.</summary>
    public IReadOnlyCollection<WantedModule> Wanted => _wanted;

    /// <summary>The stack first, then its modules; each folder once.</summary>
    public IEnumerable<CodeModule> Modules => _modules.Values;

    /// <summary>What could not be read or found.</summary>
    public IReadOnlyList<RuleFault> Unreadable => _unreadable;

    public CodeModule? Module(string folder) => _modules.GetValueOrDefault(folder);

    public static StackCode Read(CodeUnderPlan given, IReadOnlyList<TreeFile> files)
    {
        var code = new StackCode(given, files);
        code.ReadModules();
        code.ReadVariables();
        code.FindCycles();
        return code;
    }

    private void ReadModules()
    {
        if (Tree.Module(Folder) is not { } root)
        {
            _unreadable.Add(new(Folder, 1, "there is no terraform code in the stack's folder", "name a folder that holds .tf files"));
            return;
        }

        var waiting = new Queue<CodeModule>([Add(Folder, root)]);
        while (waiting.TryDequeue(out var module))
        {
            foreach (var call in module.Calls)
            {
                if (Called(call) is { } next)
                {
                    waiting.Enqueue(next);
                }
            }
        }
    }

    private CodeModule Add(string folder, IReadOnlyList<HclFile> files)
    {
        var module = new CodeModule(folder, files, Given);
        _modules.Add(folder, module);
        _unreadable.AddRange(files.Select(file => file.Fault).OfType<HclFault>().Select(Fault));
        return module;
    }

    private CodeModule? Called(ModuleCall call)
    {
        if (call.Folder is null)
        {
            if (call.Fault is { } fault)
            {
                _unreadable.Add(fault);
            }
            else
            {
                _wanted.Add(call.Wanted!);
            }
        }
        else if (_modules.ContainsKey(call.Folder))
        {
            return null;
        }
        else if (_modules.Count >= MostModules)
        {
            _unreadable.Add(new(call.File, call.Line, $"a stack may use at most {MostModules} modules", "split the stack"));
        }
        else if (Tree.Module(call.Folder) is { } files)
        {
            return Add(call.Folder, files);
        }
        else
        {
            _unreadable.Add(new(call.File, call.Line, "the module's folder holds no terraform code in this tree", "name a folder with .tf files; links and submodules are not followed"));
        }

        return null;
    }

    private void ReadVariables() => _unreadable.AddRange(
        Tree.In(Folder, EngineFile.Variables).Where(path => EngineFiles.IsAutomatic(CodePath.Name(path))).Select(Tree.Read).Select(file => file.Fault).OfType<HclFault>().Select(Fault));

    private void FindCycles()
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var folder in _modules.Keys)
        {
            Visit(folder, [], done);
        }
    }

    private void Visit(string folder, HashSet<string> open, HashSet<string> done)
    {
        if (done.Contains(folder))
        {
            return;
        }

        open.Add(folder);
        foreach (var call in _modules[folder].Calls.Where(call => call.Folder is not null && _modules.ContainsKey(call.Folder)))
        {
            if (open.Contains(call.Folder!))
            {
                _unreadable.Add(new(call.File, call.Line, "a module must not include itself", "remove one of the calls"));
            }
            else
            {
                Visit(call.Folder!, open, done);
            }
        }

        open.Remove(folder);
        done.Add(folder);
    }

    private static RuleFault Fault(HclFault fault) => new(fault.File, fault.Line, $"the file cannot be read: {fault.Message} at column {fault.Column}", "mend the syntax, or split a file that is too large");
}
