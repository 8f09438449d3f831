using System.IO.Enumeration;

namespace McpInfra.Guardrails.Agents;

/// <summary>Names and globs of allow and deny lists: `*` matches any run of characters, case counts, nothing else is special but `?`.</summary>
public static class Glob
{
    /// <summary>Whether any pattern matches the name; an empty pattern matches nothing.</summary>
    public static bool AnyMatches(IReadOnlyList<string> patterns, string name)
    {
        foreach (var pattern in patterns)
        {
            if (pattern.Length > 0 && FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false))
            {
                return true;
            }
        }

        return false;
    }
}
