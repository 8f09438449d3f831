namespace McpInfra.Guardrails;

/// <summary>Every operation by name. Two of one name stop the server.</summary>
public sealed class Catalogue
{
    private readonly Dictionary<(OperationKind, string), Operation> operations = [];

    /// <exception cref="InvalidOperationException">Two operations of one kind have one name.</exception>
    public Catalogue(IEnumerable<Operation> operations)
    {
        foreach (var operation in operations)
        {
            if (!this.operations.TryAdd((operation.Kind, operation.Name), operation))
            {
                throw new InvalidOperationException($"Two operations are called {operation.Name}.");
            }
        }
    }

    /// <summary>All operations.</summary>
    public IReadOnlyCollection<Operation> All => operations.Values;

    /// <summary>The operation of that kind and exact name, or null.</summary>
    public Operation? Find(OperationKind kind, string name) => operations.GetValueOrDefault((kind, name));
}
