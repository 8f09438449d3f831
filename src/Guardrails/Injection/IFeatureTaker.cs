namespace McpInfra.Guardrails.Injection;

/// <summary>Takes the features of a token.</summary>
internal interface IFeatureTaker
{
    /// <summary>One of them, by its number.</summary>
    void Take(int feature);
}
