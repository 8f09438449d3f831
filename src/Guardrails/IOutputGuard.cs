namespace McpInfra.Guardrails;

/// <summary>Returns a cleaned answer. Cleaning twice equals cleaning once; throwing withholds the answer.</summary>
public interface IOutputGuard
{
    /// <summary>Its name in spans and verdicts.</summary>
    string Name { get; }

    /// <summary>The answer, cleaned: parts, structured content and faults alike.</summary>
    ValueTask<Answer> CleanAsync(Answer answer, Call call, CancellationToken stop);
}
