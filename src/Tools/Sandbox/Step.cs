namespace McpInfra.Tools.Sandbox;

/// <summary>One thing to do inside: run a program by its argument vector, never through a shell, or read one file of the work folder.</summary>
public sealed record Step
{
    /// <summary>The program's absolute path inside and its arguments; empty to read <see cref="Read"/>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Working folder relative to the work folder; "" for the work folder itself.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Variables of this step beside those of the cage; a name that both have is the step's.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>A file relative to the work folder; an absent one answers exit code 1.</summary>
    public string? Read { get; init; }

    /// <summary>Bytes of standard output (or of the file) kept; a program that writes more is ended.</summary>
    public int MostOutput { get; init; } = 1 << 20;

    /// <summary>Whether standard output is terraform's JSON of a plan, of which only what changes comes back.</summary>
    public bool SiftsPlan { get; init; }

    /// <summary>Bytes of standard error kept; more is dropped.</summary>
    public int MostErrors { get; init; } = 256 << 10;
}

/// <summary>How a step ended. Everything in it is a stranger's.</summary>
/// <param name="Ending">Whether it ended by itself.</param>
/// <param name="Exit">Its exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Errors">Standard error.</param>
public sealed record StepResult(StepEnding Ending, int Exit, byte[] Output, byte[] Errors)
{
    /// <summary>Ended by itself with exit code 0.</summary>
    public bool Succeeded => Ending is StepEnding.Exited && Exit == 0;
}

/// <summary>Why a step ended.</summary>
public enum StepEnding
{
    /// <summary>By itself.</summary>
    Exited = 0,

    /// <summary>It wrote more than it may.</summary>
    Flooded = 1,

    /// <summary>It could not be started.</summary>
    NotStarted = 2,
}
