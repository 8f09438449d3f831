using System.Text;
using McpInfra.Graph.Collectors.State;

namespace McpInfra.Graph.Collectors.Documents;

/// <summary>Cuts Markdown into passages under its headings, and other text into passages of some lines.</summary>
internal static class Markdown
{
    private const int MostLines = 40;
    private const int MostText = 4_000;
    private const int MostLine = 2_000;
    private const int MostPassages = 2_000;
    private const int MostHeading = 200;

    /// <summary>The first heading and the passages.</summary>
    public static (string? Title, IReadOnlyList<Passage> Passages) Read(byte[] file)
    {
        var cut = new Cutting();
        var headings = new string?[6];
        var fence = "";
        string? title = null;
        var number = 0;
        foreach (var raw in DocumentText.Of(file).Split('\n'))
        {
            var line = Clean(raw);
            number++;
            var mark = Fence(line);
            if (mark.Length > 0 && (fence.Length == 0 || mark.StartsWith(fence, StringComparison.Ordinal)))
            {
                fence = fence.Length == 0 ? mark : "";
            }

            if (fence.Length == 0 && Level(line) is > 0 and var level)
            {
                var text = line.TrimStart().TrimStart('#').Trim().TrimEnd('#').Trim();
                headings[level - 1] = text.Length > MostHeading ? text[..MostHeading] : text;
                Array.Clear(headings, level, headings.Length - level);
                title ??= text.Length > 0 ? headings[level - 1] : null;
                cut.Begin(string.Join(" › ", headings.OfType<string>().Where(heading => heading.Length > 0)), number);
            }

            cut.Add(line, number);
        }

        return (title, cut.End());
    }

    /// <summary>The passages of a text without headings.</summary>
    public static IReadOnlyList<Passage> Lines(byte[] file)
    {
        var cut = new Cutting();
        var number = 0;
        foreach (var line in DocumentText.Of(file).Split('\n'))
        {
            cut.Add(Clean(line), ++number);
        }

        return cut.End();
    }

    public static string Clean(string line)
    {
        var cut = line.Length > MostLine ? line[..MostLine] : line;
        return SecretShapes.Masked(new string([.. cut.TrimEnd('\r').Select(letter => char.IsControl(letter) && letter != '\t' ? ' ' : letter)]));
    }

    private static string Fence(string line)
    {
        var text = line.TrimStart();
        var length = text.Length > 0 && text[0] is '`' or '~' ? text.TakeWhile(letter => letter == text[0]).Count() : 0;
        return length >= 3 ? text[..length] : "";
    }

    private static int Level(string line)
    {
        var indent = line.TakeWhile(letter => letter == ' ').Count();
        var level = line.Skip(indent).TakeWhile(letter => letter == '#').Take(7).Count();
        return indent <= 3 && level is >= 1 and <= 6 && (indent + level == line.Length || line[indent + level] is ' ' or '\t') ? level : 0;
    }

    private sealed class Cutting
    {
        private readonly List<Passage> passages = [];
        private readonly StringBuilder text = new();
        private string heading = "";
        private int first = 1;
        private int lines;

        public void Begin(string under, int line)
        {
            Close();
            (heading, first) = (under, line);
        }

        public void Add(string line, int number)
        {
            if (lines >= MostLines || text.Length + line.Length > MostText)
            {
                Close();
            }

            if (lines == 0)
            {
                first = number;
            }

            text.Append(line).Append('\n');
            lines++;
        }

        public IReadOnlyList<Passage> End()
        {
            Close();
            return passages;
        }

        private void Close()
        {
            var whole = text.ToString();
            if (!string.IsNullOrWhiteSpace(whole) && passages.Count < MostPassages)
            {
                passages.Add(new Passage(heading, first, whole.TrimEnd()));
            }

            text.Clear();
            lines = 0;
        }
    }
}
