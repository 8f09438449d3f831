namespace McpInfra.Guardrails.Injection;

/// <summary>What a word is to the model.</summary>
/// <param name="Hash">Of the word, or of what stands for it.</param>
/// <param name="Class">What it does in an order to an agent; 0 for nothing.</param>
/// <param name="Disguised">Whether it was written so that it is not read at once.</param>
/// <param name="Turned">How the word looks to be turned.</param>
/// <param name="Stem">Hash of its first letters; 0 for none.</param>
internal readonly record struct WordMeaning(uint Hash, byte Class, bool Disguised, Turn Turned, uint Stem = 0);
