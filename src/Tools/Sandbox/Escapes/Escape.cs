namespace McpInfra.Tools.Sandbox.Escapes;

/// <summary>One way out that is tried from inside.</summary>
/// <param name="Name">What is tried.</param>
/// <param name="Try">Tries it; says how it got out, or null when it did not.</param>
internal sealed record Escape(string Name, Func<EscapeAims, string?> Try)
{
    /// <summary>Every way, those that use things up last.</summary>
    public static IReadOnlyList<Escape> All { get; } = [.. FileEscapes.All, .. NetworkEscapes.All, .. KernelEscapes.All, .. ProcessEscapes.All];

    /// <summary>The first of several things that worked.</summary>
    public static string? First(params IEnumerable<string?> attempts) => attempts.FirstOrDefault(attempt => attempt is not null);
}
