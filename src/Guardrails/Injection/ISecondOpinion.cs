namespace McpInfra.Guardrails.Injection;

/// <summary>Another classifier behind the built-in one: asked of what that one let pass or was not sure of, and able to raise a score alone.</summary>
public interface ISecondOpinion
{
    /// <summary>The score of a text, from 0 to 1, with 0.5 where it flags; of what could be read in the time.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="most">The longest that it may take.</param>
    double Score(string text, TimeSpan most);
}
