using System.Security.Cryptography;

namespace McpInfra.Tools.Sandbox.Escapes;

/// <summary>What attempts to break out aim at: planted on the host, harmless, and worth nothing to a thief.</summary>
/// <param name="Canary">A word that must not be seen inside.</param>
/// <param name="File">A file of the host that holds it.</param>
/// <param name="Folders">Folders of the host that must not be seen.</param>
/// <param name="Port">A port that listens on the host's loopback.</param>
/// <param name="Socket">Name of an abstract unix socket that listens on the host.</param>
/// <param name="Process">Id of a process of the host.</param>
/// <param name="Processes">Processes and threads that the cage may have.</param>
/// <param name="Disk">Bytes that the cage may write.</param>
/// <param name="Accounts">Hash of the host's list of accounts; null when it has none.</param>
public sealed record EscapeAims(string Canary, string File, IReadOnlyList<string> Folders, int Port, string Socket, int Process, int Processes, long Disk, string? Accounts)
{
    /// <summary>Hash of the list of accounts that is seen from here; null when there is none.</summary>
    internal static string? AccountsHere()
    {
        const string list = "/etc/passwd";
        return System.IO.File.Exists(list) ? Convert.ToHexStringLower(SHA256.HashData(System.IO.File.ReadAllBytes(list))) : null;
    }
}
