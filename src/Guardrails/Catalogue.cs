namespace McpInfra.Guardrails;

/// <summary>Every operation by name. Two of one name stop the server.</summary>
public sealed class Catalogue
{
    private readonly Dictionary<string, Operation> operations = new(StringComparer.Ordinal);

    /// <exception cref="InvalidOperationException">Two operations of one kind have one name.</exception>
    public Catalogue(IEnumerable<Operation> operations)
    {
        foreach (var operation in operations)
        {
            if (!this.operations.TryAdd(Key(operation.Kind, operation.Name), operation))
            {
                throw new InvalidOperationException($"Two operations are called {operation.Name}.");
            }
        }
    }

    /// <summary>All operations.</summary>
    public IReadOnlyCollection<Operation> All => operations.Values;

    /// <summary>The operation of that kind and exact name, or null.</summary>
    public Operation? Find(OperationKind kind, string name) => operations.GetValueOrDefault(Key(kind, name));

    private static string Key(OperationKind kind, string name) => $"{(int)kind} {name}";
}
