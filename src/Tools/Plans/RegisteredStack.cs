using McpInfra.Guardrails;
using McpInfra.Tools.Git;

namespace McpInfra.Tools.Plans;

/// <summary>A stack as arguments name it.</summary>
/// <param name="Repository">Registered repository.</param>
/// <param name="Stack">Its stack.</param>
internal sealed record RegisteredStack(Repository Repository, StackSettings Stack)
{
    private const int MostNamed = 20;

    /// <summary>The stack as guards see it.</summary>
    public Target Target => new() { Id = $"{Repository.Name}/{Stack.Path}", Type = "stack", Repository = Repository.Name, Environment = Stack.Environment };

    /// <summary>The stack, or null and why there is none.</summary>
    public static RegisteredStack? Find(Repositories repositories, string repository, string stack, out Resolution none)
    {
        none = Resolution.None;
        if (repositories.Find(repository) is not { } found)
        {
            none = Resolution.Refused("the repository is not registered", $"Use one of: {Names(repositories.Names)}");
            return null;
        }

        var path = Plain(stack.StartsWith("./", StringComparison.Ordinal) ? stack[2..] : stack);
        if (found.Settings.Stacks.FirstOrDefault(one => Plain(one.Path) == path) is { } settings)
        {
            return new(found, settings);
        }

        none = Resolution.Refused("the repository has no such stack", $"Use one of: {Names(found.Settings.Stacks.Select(one => one.Path))}");
        return null;
    }

    private static string Plain(string path) => path.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : ".";

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Take(MostNamed)) is { Length: > 0 } text ? text : "none is registered";
}
