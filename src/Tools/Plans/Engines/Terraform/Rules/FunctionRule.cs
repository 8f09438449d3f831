using McpInfra.Graph.Hcl;
using McpInfra.Tools.Git;
using McpInfra.Tools.Plans.Engines.Terraform.Modules;

namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>Only known functions; those that read files read plain files of the tree that a literal names; no edit lifts a secret's mark.</summary>
internal static class FunctionRule
{
    private const string LiteralPath = "write one literal path, or \"${path.module}/…\", to a plain file in the stack's folder or its module's that holds no secret or state";

    public static IEnumerable<RuleFault> Check(StackCode after, StackCode before)
    {
        var faults = new List<RuleFault>();
        var templates = new HashSet<string>(StringComparer.Ordinal);
        foreach (var use in Uses(after))
        {
            Check(after, use, faults, templates);
        }

        foreach (var template in templates)
        {
            CheckTemplate(after, template, faults);
        }

        return faults.Concat(Unmasked(after, before));
    }

    internal static IEnumerable<Use> Uses(StackCode code) =>
        from module in code.Modules
        let providers = ModuleProviders.Of(module)
        from file in module.Files
        from value in Walk.Expressions(file.Body)
        select new Use(file.Path, module.Folder, providers, value);

    private static void Check(StackCode code, Use use, List<RuleFault> faults, HashSet<string> templates)
    {
        void Fault(string rule, string remedy) => faults.Add(new(use.File, use.Value.Span.Line, rule, remedy));
        switch (use.Value)
        {
            case HclExpression.For { Key: "path" } or HclExpression.For { Value: "path" } or HclExpression.ForDirective { Key: "path" } or HclExpression.ForDirective { Value: "path" }:
                Fault("a loop must not name its variable path", "choose another name");
                break;
            case HclExpression.Call call when call.Name.StartsWith("provider::", StringComparison.Ordinal):
                if (call.Name.Split("::") is not [_, var provider, var function] || !code.Given.Allowed.AllowsFunction(use.Providers!.Source(provider), function))
                {
                    Fault("the provider's function is not on the list of those that may run", "use a function of terraform itself");
                }

                break;
            case HclExpression.Call call:
                CheckPlain(code, use, call, Functions.Plainly(call.Name), faults, templates);
                break;
        }
    }

    private static void CheckPlain(StackCode code, Use use, HclExpression.Call call, string name, List<RuleFault> faults, HashSet<string> templates)
    {
        void Fault(string rule, string remedy) => faults.Add(new(use.File, call.Span.Line, rule, remedy));
        if (name == "templatestring")
        {
            Fault("templatestring runs a template that is not written in the code", "use a template string or templatefile");
        }
        else if (!Functions.IsKnown(name))
        {
            Fault("the function is not known", "use a function of terraform 1.11");
        }
        else if (Functions.TakesPath(name))
        {
            var path = call.Arguments.Count > 0 && !(call.Arguments.Count == 1 && call.ExpandsLast) ? LiteralPathOf(code, use, call.Arguments[0]) : null;
            if (path is null || !Admits(code, name, path, call))
            {
                Fault($"{name} may only read what a literal path names inside the tree", LiteralPath);
            }
            else if (name == "templatefile")
            {
                templates.Add(path);
            }
        }
    }

    private static string? LiteralPathOf(StackCode code, Use use, HclExpression value)
    {
        var (folder, rest) = value switch
        {
            HclExpression.Text { Value: var text } => (code.Folder, text),
            _ when use.InTemplate => (null, ""),
            HclExpression.Template { Parts: [HclExpression.Interpolation { Value: var root }] } => (FolderOf(code, use, root), ""),
            HclExpression.Template { Parts: [HclExpression.Interpolation { Value: var root }, HclExpression.Text { Value: ['/', .. var after] }] } => (FolderOf(code, use, root), after),
            _ => (FolderOf(code, use, value), ""),
        };
        return folder is null || !Ascii.IsPlain(rest) ? null : CodePath.Join(folder, rest);
    }

    private static string? FolderOf(StackCode code, Use use, HclExpression value) =>
        value is HclExpression.Traversal { Root: HclExpression.Variable { Name: "path" }, Steps: [{ Attribute: var step }] }
            ? step switch { "module" => use.Folder, "root" => code.Folder, _ => null }
            : null;

    private static bool Admits(StackCode code, string name, string path, HclExpression.Call call) =>
        code.Modules.Any(module => CodePath.IsWithin(module.Folder, path))
        && !WithheldPaths.Withholds(path)
        && (name switch
        {
            "fileset" => call.Arguments is [_, HclExpression.Text { Value: var pattern }] && !pattern.Contains("..", StringComparison.Ordinal) && !pattern.StartsWith('/') && !pattern.Contains('\\'),
            "fileexists" => true,
            _ => code.Files.TryGetValue(path, out var file) && file.IsPlain,
        });

    // A template runs every function but templatefile, from the stack's folder, and `path` in it is whatever it was given.
    private static void CheckTemplate(StackCode code, string path, List<RuleFault> faults)
    {
        var template = code.Tree.ReadTemplate(path);
        if (template.Fault is { } unreadable)
        {
            faults.Add(new(path, unreadable.Line, $"the template cannot be read: {unreadable.Message} at column {unreadable.Column}", "mend the template"));
            return;
        }

        foreach (var value in Walk.Expressions(template.Body))
        {
            if (value is HclExpression.Call { Name: var name } && (Functions.Plainly(name) == "templatefile" || name.StartsWith("provider::", StringComparison.Ordinal)))
            {
                faults.Add(new(path, value.Span.Line, "a template must not read another or call a provider", "do it in the code"));
            }
            else
            {
                Check(code, new(path, code.Folder, Providers: null, value), faults, []);
            }
        }
    }

    private static IEnumerable<RuleFault> Unmasked(StackCode after, StackCode before)
    {
        var known = Unmasking(before).CountBy(use => Canonical.Of(use.Value)).ToDictionary(StringComparer.Ordinal);
        foreach (var use in Unmasking(after).Where(use => !FetchedModules.Holds(use.File)))
        {
            var meaning = Canonical.Of(use.Value);
            known[meaning] = known.GetValueOrDefault(meaning) - 1;
            if (known[meaning] < 0)
            {
                yield return new(use.File, use.Value.Span.Line, "an edit must not call nonsensitive", "leave the value sensitive");
            }
        }
    }

    private static IEnumerable<Use> Unmasking(StackCode code) =>
        Uses(code).Where(use => use.Value is HclExpression.Call { Name: var name } && Functions.Plainly(name) == "nonsensitive");

    internal sealed record Use(string File, string Folder, ModuleProviders? Providers, HclExpression Value)
    {
        public bool InTemplate => Providers is null;
    }
}
