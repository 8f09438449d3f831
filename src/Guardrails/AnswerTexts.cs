namespace McpInfra.Guardrails;

/// <summary>Cleans the texts of an answer one by one.</summary>
internal static class AnswerTexts
{
    /// <summary>The answer with every part's text and source replaced; the same instance when nothing is.</summary>
    public static Answer Map<TCleaner>(this Answer answer, TCleaner cleaner)
        where TCleaner : struct, ITextCleaner
    {
        Part[]? parts = null;
        for (var index = 0; index < answer.Parts.Count; index++)
        {
            var part = answer.Parts[index];
            var (text, source) = (cleaner.Text(part.Text, part.Trust), part.Source is null ? null : cleaner.Source(part.Source));
            if (!ReferenceEquals(text, part.Text) || !ReferenceEquals(source, part.Source))
            {
                (parts ??= [.. answer.Parts])[index] = part with { Text = text, Source = source };
            }
        }

        return parts is null ? answer : answer with { Parts = parts };
    }
}
