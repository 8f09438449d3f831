using System.Runtime.InteropServices;

namespace McpInfra.Guardrails.Injection;

/// <summary>A word or mark of a text as the model sees it.</summary>
/// <param name="Hash">Of the folded word, or of what stands for it.</param>
/// <param name="Class">What it does in an order to an agent; 0 for nothing.</param>
/// <param name="Start">Where it starts in the text it was read from.</param>
/// <param name="Stem">Hash of the first letters of the word; 0 for none.</param>
/// <param name="IsDisguised">Whether it was written so that it is not read at once.</param>
/// <param name="IsFirst">Whether a sentence, line or value begins with it, where an order has its verb.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Token(uint Hash, byte Class, int Start, uint Stem = 0, bool IsDisguised = false, bool IsFirst = false);
