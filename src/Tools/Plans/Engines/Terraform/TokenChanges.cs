using McpInfra.Graph.Hcl;

namespace McpInfra.Tools.Plans.Engines.Terraform;

/// <summary>
/// Finds the resources that would change only because our tokens stand where secrets were: their values differ by nothing else, and what is unknown of them follows from that.
/// </summary>
internal sealed class TokenChanges
{
    private readonly PlanConfiguration code;
    private readonly ILookup<string, string> masked;
    private readonly HashSet<string> found = new(StringComparer.Ordinal);
    private readonly HashSet<string> foundPlain = new(StringComparer.Ordinal);

    private TokenChanges(PlanConfiguration code, ILookup<string, string> masked) => (this.code, this.masked) = (code, masked.SelectMany(group => group.Select(path => (Address: CodeAddress.WithoutKeys(group.Key) ?? group.Key, Path: path))).ToLookup(pair => pair.Address, pair => pair.Path, StringComparer.Ordinal));

    /// <summary>Their addresses.</summary>
    /// <param name="planned">Everything that the engine would change.</param>
    /// <param name="code">What refers to what.</param>
    /// <param name="masked">Paths that were replaced, by address.</param>
    public static IReadOnlySet<string> Of(IReadOnlyList<PlannedResource> planned, PlanConfiguration code, ILookup<string, string> masked)
    {
        var changes = new TokenChanges(code, masked);
        foreach (var resource in planned.Where(resource => resource.Action != "delete" && masked[resource.Address].Contains("id")))
        {
            changes.Add(resource); // Its own id was taken for a secret: whatever the engine makes of it is not true.
        }

        // One that is found may be the reason of the next.
        for (var before = -1; before != changes.found.Count;)
        {
            before = changes.found.Count;
            foreach (var resource in planned.Where(resource => !changes.found.Contains(resource.Address) && changes.IsOne(resource)))
            {
                changes.Add(resource);
            }
        }

        return changes.found;
    }

    private void Add(PlannedResource resource)
    {
        found.Add(resource.Address);
        foundPlain.Add(CodeAddress.WithoutKeys(resource.Address) ?? resource.Address);
    }

    private bool IsOne(PlannedResource resource)
    {
        if (resource.Action is not ("update" or "replace"))
        {
            return false;
        }

        var reasons = resource.Lines.Select(line => Reason(resource.Address, line)).ToList();
        return reasons.Contains(DiffReason.Token) && !reasons.Contains(DiffReason.Value);
    }

    /// <summary>A value is a token's doing when its expression refers to what was replaced; what is unknown is so when it refers to a resource that is, and follows from the rest when code does not write it.</summary>
    private DiffReason Reason(string address, DiffLine line)
    {
        if (line.OnlyToken)
        {
            return DiffReason.Token;
        }

        var references = code.References(address, line.Top, out var isWritten);
        return references is null ? (isWritten || line.Reason is DiffReason.Value ? DiffReason.Value : DiffReason.Unknown)
            : references.Any(IsReplaced) ? DiffReason.Token
            : DiffReason.Value;
    }

    // `random_password.a.result` where that attribute was replaced, or any attribute of a resource that only a token changes.
    private bool IsReplaced(string reference)
    {
        var parts = (CodeAddress.WithoutKeys(reference) ?? reference).Split('.');
        for (var length = 1; length <= parts.Length; length++)
        {
            var address = string.Join('.', parts.Take(length));
            if (foundPlain.Contains(address) || (length < parts.Length && masked[address].Any(path => path.Split('.')[0] == parts[length])))
            {
                return true;
            }
        }

        return false;
    }
}
