namespace McpInfra.Host.Commands;

/// <summary>What the process answers.</summary>
public static class ExitCode
{
    /// <summary>Yes, or done.</summary>
    public const int Yes = 0;

    /// <summary>The answer is no.</summary>
    public const int No = 1;

    /// <summary>Wrong use or configuration.</summary>
    public const int WrongUse = 2;
}
