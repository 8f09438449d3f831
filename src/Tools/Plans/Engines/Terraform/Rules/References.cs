using McpInfra.Graph.Hcl;

namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>What the values in some blocks come from: the variables, locals, modules and resources they refer to, and what those refer to in turn.</summary>
internal sealed class References
{
    private const int MostSteps = 2_000_000;

    private readonly StackCode _code;
    private readonly VariableValues _variables;
    private readonly ILookup<string, (CodeModule Module, ModuleCall Call)> _callers;
    private readonly SortedDictionary<string, string> _found = new(StringComparer.Ordinal);
    private readonly Queue<(HclExpression Value, CodeModule Module)> _waiting = new();
    private int _steps;

    public References(StackCode code)
    {
        (_code, _variables) = (code, VariableValues.Of(code));
        _callers = code.Modules.SelectMany(module => module.Calls.Select(call => (Module: module, Call: call)))
            .Where(one => one.Call.Folder is not null).ToLookup(one => one.Call.Folder!, StringComparer.Ordinal);
    }

    /// <summary>What was found, by folder and name, each in one spelling; null when following it takes more steps than anyone's code does.</summary>
    public IReadOnlyDictionary<string, string>? Of(IEnumerable<(HclBlock Block, CodeModule Module)> blocks)
    {
        foreach (var (block, module) in blocks)
        {
            Wait(block.Body, module);
        }

        while (_steps < MostSteps && _waiting.TryDequeue(out var next))
        {
            Follow(next.Value, next.Module);
        }

        return _waiting.Count > 0 ? null : _found;
    }

    private void Wait(HclBody body, CodeModule module)
    {
        foreach (var attribute in Walk.Attributes(body))
        {
            _steps++;
            _waiting.Enqueue((attribute.Value, module));
        }
    }

    private void Follow(HclExpression value, CodeModule module)
    {
        _steps++;
        foreach (var child in value.Children)
        {
            _waiting.Enqueue((child, module));
        }

        if (value is HclExpression.Traversal { Root: HclExpression.Variable { Name: var root }, Steps: var steps })
        {
            Follow(root, steps[0].Attribute, steps.Count > 1 ? steps[1].Attribute : null, module);
        }
    }

    private void Follow(string root, string? first, string? second, CodeModule module)
    {
        var name = root is "var" or "local" or "module" ? $"{root}.{first}" : $"{root}.{first}.{second}";
        if (root is "path" or "terraform" or "each" or "count" or "self" || !_found.TryAdd($"{module.Folder}:{name}", ""))
        {
            return;
        }

        switch (root)
        {
            case "var" or "local" or "module" when first is null:
                FollowAll(module); // `var["x"]`: it may be any of them.
                break;
            case "var":
                FollowVariable(first!, name, module);
                break;
            case "local":
                module.Locals[first!].ToList().ForEach(local => Note(name, local.Value, module));
                break;
            case "module":
                module.Calls.Where(call => call.Block.Labels is [var label] && label == first).ToList().ForEach(FollowAll);
                break;
            case "data":
                Note(name, module.Blocks.Where(placed => placed.Block is { Type: "data", Labels: [var type, var label] } && type == first && label == second), module);
                break;
            default:
                Note(name, module.Blocks.Where(placed => placed.Block is { Type: "resource" or "ephemeral", Labels: [var type, var label] } && type == root && (first is null || label == first)), module);
                break;
        }
    }

    private void FollowVariable(string variable, string name, CodeModule module)
    {
        Note(name, module.Blocks.Where(placed => placed.Block is { Type: "variable", Labels: [var label] } && label == variable), module);
        if (module.Folder == _code.Folder && _variables.Of(variable) is { } given)
        {
            Note(name, given, module);
        }

        foreach (var (caller, call) in _callers[module.Folder])
        {
            _steps += call.Block.Body.Attributes.Count;
            if (call.Block.Body.Attribute(variable) is { } passed)
            {
                Note($"{name} of {caller.Folder}", passed.Value, caller);
            }
        }
    }

    // What a module gives may come from anything in it.
    private void FollowAll(ModuleCall call)
    {
        if (call.Folder is not null && _code.Module(call.Folder) is { } called)
        {
            FollowAll(called);
        }
    }

    private void FollowAll(CodeModule module)
    {
        if (_found.TryAdd($"{module.Folder}:all", ""))
        {
            Note("all", module.Blocks, module);
            module.Calls.ToList().ForEach(FollowAll);
        }
    }

    private void Note(string name, IEnumerable<PlacedBlock> blocks, CodeModule module)
    {
        _steps += module.Blocks.Count;
        foreach (var placed in blocks)
        {
            Note(name, Canonical.Of(placed.Block), module);
            Wait(placed.Block.Body, module);
        }
    }

    private void Note(string name, HclExpression value, CodeModule module)
    {
        Note(name, Canonical.Of(value), module);
        _waiting.Enqueue((value, module));
    }

    private void Note(string name, string meaning, CodeModule module) =>
        _found[$"{module.Folder}:{name}"] = $"{_found.GetValueOrDefault($"{module.Folder}:{name}")}{Digest.Of(meaning)}";
}
