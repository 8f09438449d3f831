namespace McpInfra.Tools.Plans.Engines.Terraform;

/// <summary>A resource that the engine would change, before it is known whether only a token makes it so.</summary>
/// <param name="Address">Address in code.</param>
/// <param name="Type">The engine's type.</param>
/// <param name="Action">What the engine would do.</param>
/// <param name="Lines">What differs.</param>
internal sealed record PlannedResource(string Address, string Type, string Action, IReadOnlyList<DiffLine> Lines)
{
    /// <summary>Paths for which it is to be replaced and not updated; empty when the engine does not say.</summary>
    public IReadOnlyList<string> ReplacedFor { get; init; } = [];

    /// <summary>Whether what differs for true would only update it.</summary>
    public bool IsReplacedForTokens => Action == "replace" && ReplacedFor.Count > 0 && ReplacedFor.All(path => Lines.Any(line => line.OnlyToken && line.IsAt(path)) && !Lines.Any(line => !line.OnlyToken && line.IsAt(path)));
}

/// <summary>One attribute that differs.</summary>
/// <param name="Attribute">It, masked.</param>
/// <param name="Path">Where it stands, with `.` between names and indexes.</param>
/// <param name="Reason">Why it differs.</param>
internal sealed record DiffLine(AttributeRead Attribute, string Path, DiffReason Reason)
{
    /// <summary>Whether only a token makes it differ.</summary>
    public bool OnlyToken => Reason is DiffReason.Token;

    /// <summary>The attribute at the resource's top.</summary>
    public string Top => Path.Split('.')[0];

    /// <summary>Whether one path stands at or within the other.</summary>
    public bool IsAt(string path) => Path == path || Path.StartsWith(path + ".", StringComparison.Ordinal) || path.StartsWith(Path + ".", StringComparison.Ordinal);
}

/// <summary>Why an attribute differs.</summary>
internal enum DiffReason
{
    /// <summary>Its value does.</summary>
    Value,

    /// <summary>Only an apply would tell its value.</summary>
    Unknown,

    /// <summary>A token stands where its value was.</summary>
    Token,
}
