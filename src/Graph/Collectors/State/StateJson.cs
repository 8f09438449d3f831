using System.Text.Json;

namespace McpInfra.Graph.Collectors.State;

/// <summary>Opens files of engines as JSON, with a bound on size and depth.</summary>
internal static class StateJson
{
    /// <exception cref="SourceException">The file is unreadable, too large or cut off.</exception>
    public static JsonDocument Parse(string path, long mostBytes)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return stream.Length > mostBytes
                ? throw new SourceException($"{path} has {stream.Length >> 20} MiB; states of at most {mostBytes >> 20} MiB are read. Split the stack.")
                : JsonDocument.Parse(stream, new JsonDocumentOptions { MaxDepth = 128 });
        }
        catch (JsonException fault)
        {
            throw new SourceException($"{path} is not whole JSON (line {fault.LineNumber + 1}): cut off, or being written just now. Fetch it again (`terraform state pull`, `pulumi stack export`).");
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SourceException($"There is no state file at {path}. Correct the source's `path`, or apply the stack once.", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SourceException($"{path} cannot be read. Let the server's user read it.", fault);
        }
    }
}
