using System.Text;
using System.Text.Json;
using CliWrap;
using CliWrap.Exceptions;
using McpInfra.Graph.Collectors.Kubernetes;
using McpInfra.Guardrails.Credentials;

namespace McpInfra.Tools.Credentials.Kubernetes;

/// <summary>Runs a program that prints a token for a cluster, as kubectl would: without a shell, with a deadline and a capped output, its errors unread.</summary>
internal static class TokenProgram
{
    private const int MostOutput = 256 << 10;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <exception cref="CredentialException">It failed or printed no token.</exception>
    public static async Task<Credential> RunAsync(KubeUser.Program program, string path, CancellationToken stop)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(Deadline);
        var output = new MemoryStream();
        try
        {
            await Cli.Wrap(path).WithArguments(program.Arguments)
                .WithEnvironmentVariables(program.Environment.Where(pair => pair.Key.Length > 0).Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))
                    .Append(new("KUBERNETES_EXEC_INFO", JsonSerializer.Serialize(new { apiVersion = program.Version, kind = "ExecCredential", spec = new { interactive = false } }))).DistinctBy(pair => pair.Key).ToDictionary())
                .WithStandardOutputPipe(PipeTarget.Create(async (stream, stopping) => await CopyAsync(stream, output, stopping)))
                .ExecuteAsync(deadline.Token);
            using var printed = JsonDocument.Parse(Encoding.UTF8.GetString(output.GetBuffer(), 0, (int)output.Length));
            var status = printed.RootElement.GetProperty("status");
            var expires = status.TryGetProperty("expirationTimestamp", out var end) && end.TryGetDateTimeOffset(out var at) ? at : (DateTimeOffset?)null;
            return status.TryGetProperty("token", out var token) && token.GetString() is { Length: > 0 } text ? new Credential(text, expires)
                : new Credential($"{status.GetProperty("clientCertificateData").GetString()}\n{status.GetProperty("clientKeyData").GetString()}", expires);
        }
        catch (Exception error) when (error is CommandExecutionException or System.ComponentModel.Win32Exception or JsonException or KeyNotFoundException or InvalidOperationException or InvalidDataException
            || (error is OperationCanceledException && !stop.IsCancellationRequested))
        {
            throw new CredentialException("The program that the kubeconfig names for its token failed, was too slow or printed none; run `kubectl get nodes` with the same context to see why.");
        }
    }

    private static async Task CopyAsync(Stream from, MemoryStream to, CancellationToken stop)
    {
        var buffer = new byte[4096];
        for (int read; (read = await from.ReadAsync(buffer, stop)) > 0;)
        {
            if (to.Length + read > MostOutput)
            {
                throw new InvalidDataException("too much");
            }

            to.Write(buffer, 0, read);
        }
    }
}
