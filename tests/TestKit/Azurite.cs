using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace McpInfra.TestKit;

/// <summary>An Azure blob storage that listens on loopback: npm's azurite as a child process, gone with the test.</summary>
public sealed class Azurite : IAsyncDisposable
{
    /// <summary>Its account.</summary>
    public const string Account = "devstoreaccount1";

    /// <summary>The account's key, which every copy of it has.</summary>
    public const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private const string Version = "2021-12-02";

    private readonly Process process;
    private readonly string folder;
    private readonly HttpClient http = new();

    private Azurite(Process process, string folder, int port) => (this.process, this.folder, Endpoint) = (process, folder, new Uri($"http://127.0.0.1:{port}/{Account}"));

    /// <summary>Where the account's containers are.</summary>
    public Uri Endpoint { get; }

    /// <summary>The file in which it records every request.</summary>
    public string DebugLog => Path.Combine(folder, "debug.log");

    /// <summary>A fresh one; skips the test where Node or the package is not installed.</summary>
    public static async Task<Azurite> StartAsync(CancellationToken stop)
    {
        var node = Skip.UnlessFound("node");
        var program = Path.Combine(Environment.GetEnvironmentVariable("MCP_INFRA_TEST_NODE") ?? Path.Combine(Repository.Root, ".cache", "node"), "node_modules", "azurite", "dist", "src", "blob", "main.js");
        if (!File.Exists(program))
        {
            throw Skip.Because("npm's azurite is not installed; test.sh installs it");
        }

        var folder = Directory.CreateTempSubdirectory("mcp-infra-azurite-").FullName;
        var port = FreePort();
        var start = new ProcessStartInfo(node, [program, "--blobHost", "127.0.0.1", "--blobPort", port.ToString(CultureInfo.InvariantCulture), "--location", folder, "--debug", Path.Combine(folder, "debug.log"), "--skipApiVersionCheck", "--disableTelemetry"])
        {
            RedirectStandardOutput = true,
        };
        var azurite = new Azurite(Process.Start(start)!, folder, port);
        try
        {
            while (await azurite.process.StandardOutput.ReadLineAsync(stop).AsTask().WaitAsync(TimeSpan.FromSeconds(60), stop) is var line && line?.Contains("successfully listens", StringComparison.Ordinal) is not true)
            {
                _ = line ?? throw new InvalidOperationException("azurite ended before it listened");
            }

            return azurite;
        }
        catch
        {
            await azurite.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a request as the account's owner.</summary>
    /// <param name="path">Path after the account, with its query.</param>
    /// <param name="content">The body of a blob; null for none.</param>
    /// <param name="lease">What to do with the blob's lease: "acquire", or null for a write.</param>
    /// <param name="stop">Cancels.</param>
    public async Task PutAsync(string path, byte[]? content, CancellationToken stop, string? lease = null)
    {
        var address = new Uri($"{Endpoint}/{path}");
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["x-ms-date"] = DateTimeOffset.UtcNow.ToString("R", CultureInfo.InvariantCulture), ["x-ms-version"] = Version };
        if (content is not null)
        {
            headers["x-ms-blob-type"] = "BlockBlob";
        }

        if (lease is not null)
        {
            (headers["x-ms-lease-action"], headers["x-ms-lease-duration"]) = (lease, "-1");
        }

        var query = string.Concat(address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal).Select(pair => "\n" + pair.Replace('=', ':')));
        var length = content is { Length: > 0 } ? content.Length.ToString(CultureInfo.InvariantCulture) : "";
        var signed = $"PUT\n\n\n{length}\n\n\n\n\n\n\n\n\n{string.Concat(headers.Select(pair => $"{pair.Key}:{pair.Value}\n"))}/{Account}{address.AbsolutePath}{query}";
        using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = new ByteArrayContent(content ?? []) };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        request.Headers.Authorization = new AuthenticationHeaderValue("SharedKey", $"{Account}:{Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Key), Encoding.UTF8.GetBytes(signed)))}");
        using var answer = await http.SendAsync(request, stop);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Ends the child.</summary>
    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }

        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
