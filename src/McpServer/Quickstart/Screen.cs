using Spectre.Console;

namespace McpInfra.Host.Quickstart;

/// <summary>The story as a person reads it: numbered steps, what was asked, what was answered.</summary>
internal sealed class Screen(IAnsiConsole console)
{
    private const int MostLines = 40;
    private int step;

    /// <summary>A step begins.</summary>
    public void Step(string title)
    {
        step++;
        console.WriteLine();
        console.Write(new Rule($"[bold]{step}  {Markup.Escape(title)}[/]") { Justification = Justify.Left });
    }

    /// <summary>What is going on, in our words.</summary>
    public void Say(string text) => console.WriteLine(text);

    /// <summary>A call as the agent makes it.</summary>
    public void Call(string agent, string call) => console.MarkupLine($"[grey]{Markup.Escape(agent)} →[/] [bold]{Markup.Escape(call)}[/]");

    /// <summary>An answer, its first lines.</summary>
    public void Answer(string text, bool refused = false)
    {
        var lines = text.TrimEnd().Split('\n');
        var style = refused ? "red" : "default";
        foreach (var line in lines.Take(MostLines))
        {
            console.MarkupLine($"  [{style}]{Markup.Escape(line.TrimEnd())}[/]");
        }

        if (lines.Length > MostLines)
        {
            console.MarkupLine($"  [grey]… {lines.Length - MostLines} more lines[/]");
        }
    }
}
