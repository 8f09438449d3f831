using System.Runtime.CompilerServices;

namespace McpInfra.Graph.Collectors.State;

/// <summary>Reads states of Terraform and OpenTofu: one file, every *.tfstate of a folder, or the state of a registered stack from its backend. Every state is read whole before anything of it is told.</summary>
/// <param name="stacks">Reads states of registered stacks; null where none can be.</param>
public sealed class StateCollector(IStackStates? stacks = null) : ICollector
{
    private const int MostFiles = 1000;

    /// <inheritdoc/>
    public string Kind => "terraform-state";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Observation> CollectAsync(SourceSettings source, [EnumeratorCancellation] CancellationToken stop)
    {
        foreach (var (label, state) in source.Path is null ? [("", await OfStackAsync(source, stop))] : Files(source).Select(file => (file.Label, State: StateFile.Read(file.Path))).ToList())
        {
            yield return new Observation.Fact($"{label}lineage", state.Lineage);
            yield return new Observation.Fact($"{label}serial", state.Serial.ToString(System.Globalization.CultureInfo.InvariantCulture));
            foreach (var observation in Observe(label.Length > 0 ? $"{source.Name}/{label.TrimEnd(':')}" : source.Name, state))
            {
                stop.ThrowIfCancellationRequested();
                yield return observation;
            }
        }

        yield return new Observation.Complete(null, null, "*");
    }

    private async ValueTask<StateFile> OfStackAsync(SourceSettings source, CancellationToken stop)
    {
        if (source.Repository is not { } repository || source.Stack is not { } stack)
        {
            throw new SourceException($"The source {source.Name} has no `path`. Name a state file or a folder of *.tfstate files; or a `repository` and its `stack`, whose backend is then read.");
        }

        var reader = stacks ?? throw new SourceException($"The state of source {source.Name} lies in a backend, which only `mcp-infra scan` reads.");
        return await reader.ReadAsync(repository, stack, stop) is { } bytes ? StateFile.Read(bytes, $"The state of {repository}/{stack}") : new StateFile("", 0, []);
    }

    private static List<(string Label, string Path)> Files(SourceSettings source)
    {
        var path = source.Path!;
        if (!Directory.Exists(path))
        {
            return [("", path)];
        }

        var files = Directory.EnumerateFiles(path, "*.tfstate", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 5 }).Order(StringComparer.Ordinal).Take(MostFiles + 1).ToList();
        return files.Count switch
        {
            0 => throw new SourceException($"There is no *.tfstate file in {path}. Correct the source's `path`."),
            > MostFiles => throw new SourceException($"{path} holds over {MostFiles} state files. Name a smaller folder."),
            1 => [("", files[0])],
            _ => [.. files.Select(file => (Path.GetRelativePath(path, file).Replace('\\', '/') + ":", file))],
        };
    }

    /// <param name="name">The state's name: the source's, with the file's where the source has several.</param>
    /// <param name="state">The state.</param>
    internal static IEnumerable<Observation> Observe(string name, StateFile state)
    {
        var index = new StateIndex(state.Instances);
        var relations = new StateRelations(name, index, part => Owner(part, index));
        var parts = state.Instances.Where(instance => TerraformTypes.IsPart(instance.Type)).ToList();
        var resources = new Dictionary<string, Resource>();
        foreach (var instance in state.Instances.Where(instance => !TerraformTypes.IsPart(instance.Type)))
        {
            resources.TryAdd(instance.Address, StateResource.Of(instance, name));
        }

        foreach (var part in parts)
        {
            if (Owner(part, index) is { } owner)
            {
                resources[owner.Address] = Described(part, resources[owner.Address]);
            }
        }

        foreach (var (address, resource) in resources)
        {
            yield return new Observation.Seen(resource);
            yield return new Observation.ManagedBy(new Managed(resource.Id, address, state.Engine, name));
        }

        foreach (var part in parts)
        {
            if (OwnerId(part, index, name) is { } owner)
            {
                yield return new Observation.ManagedBy(new Managed(owner, part.Address, state.Engine, name));
            }
        }

        foreach (var relation in state.Instances.SelectMany(relations.Of).Distinct())
        {
            yield return new Observation.Related(relation);
        }
    }

    private static StateInstance? Owner(StateInstance part, StateIndex index)
    {
        var kind = TerraformTypes.FindPart(part.Type)!;
        return part.Text(kind.OwnerAttribute) is { } value ? index.FindTyped(kind.OwnerType, value) : null;
    }

    /// <summary>The owner's id; when another state holds the owner, the name by which the part calls it.</summary>
    private static string? OwnerId(StateInstance part, StateIndex index, string source)
    {
        if (Owner(part, index) is { } owner)
        {
            return StateResource.Id(owner, source);
        }

        var kind = TerraformTypes.FindPart(part.Type)!;
        return part.Text(kind.OwnerAttribute) is not { } value ? null : kind.OwnerType == "aws_s3_bucket" ? $"arn:aws:s3:::{value}" : value;
    }

    private static Resource Described(StateInstance part, Resource owner)
    {
        var configuration = owner.Configuration.DeepClone().AsObject();
        var fact = TerraformTypes.FindPart(part.Type)!.Fact;
        if (fact != "alias")
        {
            StateParts.Describe(part, fact, configuration);
            return owner with { Configuration = configuration };
        }

        return owner with { Aliases = [.. owner.Aliases, .. new[] { part.Text("name"), part.Text("arn") }.OfType<string>()], Name = part.Text("name")?.Replace("alias/", "", StringComparison.Ordinal) ?? owner.Name };
    }
}
