using System.Diagnostics;
using System.Text.Json;

namespace McpInfra.Tools.Sandbox.Escapes;

/// <summary>The part of a break-out that runs in the cage, `mcp-infra sandbox-escape`: tries everything and says, line by line, what came of it.</summary>
public static class EscapeRun
{
    /// <summary>The first argument that makes our executable try to break out.</summary>
    public const string Command = "sandbox-escape";

    internal const string Linger = "linger";
    internal const string Flood = "flood";
    internal const string Memory = "memory";

    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    /// <summary>0 when it ran to its end.</summary>
    /// <param name="arguments">One word: the aims as JSON to try every way, or one of the ways that end otherwise.</param>
    public static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case [Linger, var marker, var program, .. var before]:
                return Leave(marker, program, before);
            case [Linger, var marker]:
                Console.Error.WriteLine(marker);
                Thread.Sleep(Long);
                return 0;
            case [Flood]:
                var piece = new byte[1 << 16];
                using (var output = Console.OpenStandardOutput())
                {
                    for (var written = 0L; written < 1L << 30; written += piece.Length)
                    {
                        output.Write(piece);
                    }
                }

                return 0;
            case [Memory, var most]:
                return Grow(long.Parse(most, System.Globalization.CultureInfo.InvariantCulture));
            case [var aims]:
                return Try(JsonSerializer.Deserialize<EscapeAims>(aims)!);
            default:
                return 2;
        }
    }

    private static int Try(EscapeAims aims)
    {
        foreach (var escape in Escape.All)
        {
            EscapeResult result;
            try
            {
                var got = escape.Try(aims);
                result = new(escape.Name, got is null, got ?? "");
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidOperationException or NotSupportedException)
            {
                result = new(escape.Name, false, $"it could not be tried ({exception.GetType().Name})");
            }

            Console.WriteLine(JsonSerializer.Serialize(result));
        }

        return 0;
    }

    // A grandchild in a session of its own, whose parent leaves at once.
    private static int Leave(string marker, string program, IReadOnlyList<string> before)
    {
        _ = Calls.setsid();
        using var child = Process.Start(new ProcessStartInfo(program, [.. before, Command, Linger, marker]) { RedirectStandardError = true });
        return child!.StandardError.ReadLine() == marker ? 0 : 1; // It runs by now.
    }

    private static int Grow(long most)
    {
        var held = new List<byte[]>();
        for (var grown = 0L; grown < most; grown += 16 << 20)
        {
            var piece = GC.AllocateUninitializedArray<byte>(16 << 20, pinned: true);
            for (var page = 0; page < piece.Length; page += 4096)
            {
                piece[page] = 1;
            }

            held.Add(piece);
        }

        return held.Count > 0 ? 0 : 1;
    }
}
