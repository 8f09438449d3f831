using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpInfra.TestKit;

/// <summary>
/// A GitHub that listens on loopback: npm's emulate as a child process, gone with the test. It has the organisation acme with the repositories infra and other,
/// and a GitHub App installed there with more rights than a proposal needs.
/// </summary>
public sealed class Emulate : IAsyncDisposable
{
    /// <summary>The App's id.</summary>
    public const long App = 1234;

    /// <summary>The installation's id.</summary>
    public const long Installation = 77;

    /// <summary>A token that may do everything.</summary>
    public const string AdminToken = "test_token_admin";

    private const string Script = """
        const { createEmulator } = await import(process.argv[1]);
        await createEmulator({ service: 'github', port: Number(process.argv[2]), seed: JSON.parse(process.argv[3]) });
        console.log('ready');
        process.stdin.on('end', () => process.exit(0)).resume();
        """;

    private readonly Process process;
    private readonly HttpClient admin;
    private readonly string folder;

    private Emulate(Process process, Uri api, string folder)
    {
        this.process = process;
        this.folder = folder;
        Api = api;
        admin = new HttpClient { BaseAddress = api };
        admin.DefaultRequestHeaders.Authorization = new("Bearer", AdminToken);
    }

    /// <summary>Base address of its API.</summary>
    public Uri Api { get; }

    /// <summary>The App's private key, PEM.</summary>
    public string KeyFile => Path.Combine(folder, "app.pem");

    /// <summary>A fresh one; skips the test where Node or the package is not installed.</summary>
    public static async Task<Emulate> StartAsync(CancellationToken stop)
    {
        var node = Skip.UnlessFound("node");
        var package = Path.Combine(Environment.GetEnvironmentVariable("MCP_INFRA_TEST_NODE") ?? Path.Combine(Repository.Root, ".cache", "node"), "node_modules", "emulate", "dist", "api.js");
        if (!File.Exists(package))
        {
            throw Skip.Because("npm's emulate is not installed; test.sh installs it");
        }

        var folder = Directory.CreateTempSubdirectory("mcp-infra-emulate-").FullName;
        using var key = RSA.Create(2048);
        var pem = key.ExportPkcs8PrivateKeyPem();
        await File.WriteAllTextAsync(Path.Combine(folder, "app.pem"), pem, stop);
        var port = FreePort();
        var start = new ProcessStartInfo(node, ["--input-type=module", "-e", Script, new Uri(package).AbsoluteUri, port.ToString(System.Globalization.CultureInfo.InvariantCulture), Seed(pem)])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        var emulate = new Emulate(Process.Start(start)!, new Uri($"http://127.0.0.1:{port}/"), folder);
        try
        {
            while (await emulate.process.StandardOutput.ReadLineAsync(stop).AsTask().WaitAsync(TimeSpan.FromSeconds(60), stop) is var line && line != "ready")
            {
                _ = line ?? throw new InvalidOperationException("emulate ended before it listened");
            }

            return emulate;
        }
        catch
        {
            await emulate.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes these files the repository's main branch, on top of what is there; returns the new head. A protected branch is freed first.</summary>
    public async Task<string> FillAsync(IReadOnlyList<(string Path, string Mode, byte[] Content)> files, CancellationToken stop, bool protectedBefore = false)
    {
        if (protectedBefore)
        {
            using var freed = await admin.DeleteAsync("repos/acme/infra/branches/main/protection", stop);
            freed.EnsureSuccessStatusCode();
        }

        var entries = new JsonArray();
        foreach (var (path, mode, content) in files)
        {
            var blob = await PostAsync("git/blobs", new() { ["content"] = Convert.ToBase64String(content), ["encoding"] = "base64" }, stop);
            entries.Add(new JsonObject { ["path"] = path, ["mode"] = mode, ["type"] = "blob", ["sha"] = blob["sha"]!.GetValue<string>() });
        }

        var tree = await PostAsync("git/trees", new() { ["tree"] = entries }, stop);
        var head = await HeadAsync("main", stop);
        var commit = await PostAsync("git/commits", new() { ["message"] = "files", ["tree"] = tree["sha"]!.GetValue<string>(), ["parents"] = new JsonArray(head) }, stop);
        var sha = commit["sha"]!.GetValue<string>();
        using var moved = await admin.PatchAsync("repos/acme/infra/git/refs/heads/main", JsonContent.Create(new { sha }), stop);
        moved.EnsureSuccessStatusCode();
        return sha;
    }

    /// <summary>Protects main: nobody writes it but through reviewed pull requests.</summary>
    public async Task ProtectAsync(CancellationToken stop)
    {
        using var answer = await admin.PutAsync(
            "repos/acme/infra/branches/main/protection",
            JsonContent.Create(new { required_status_checks = (object?)null, enforce_admins = true, required_pull_request_reviews = new { required_approving_review_count = 1 }, restrictions = (object?)null }),
            stop);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The head of a branch of acme/infra.</summary>
    public async Task<string> HeadAsync(string branch, CancellationToken stop) =>
        (await GetAsync($"repos/acme/infra/git/ref/heads/{branch}", stop))["object"]!["sha"]!.GetValue<string>();

    /// <summary>What it answers to its administrator.</summary>
    public async Task<JsonNode> GetAsync(string path, CancellationToken stop) => (await admin.GetFromJsonAsync<JsonNode>(path, stop))!;

    /// <summary>Sends something to acme/infra as its administrator.</summary>
    public async Task<JsonNode> PostAsync(string path, JsonObject body, CancellationToken stop)
    {
        using var answer = await admin.PostAsJsonAsync("repos/acme/infra/" + path, body, stop);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonNode>(stop))!;
    }

    /// <summary>Ends the child.</summary>
    public async ValueTask DisposeAsync()
    {
        admin.Dispose();
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }

        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static string Seed(string key) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["tokens"] = new Dictionary<string, object> { [AdminToken] = new { login = "admin", scopes = new[] { "repo", "admin:org" } } },
        ["github"] = new
        {
            users = new[] { new { login = "admin", site_admin = true } },
            orgs = new[] { new { login = "acme", members = new[] { new { login = "admin", role = "admin" } } } },
            repos = new[] { new { owner = "acme", name = "infra", @private = true, auto_init = true }, new { owner = "acme", name = "other", @private = true, auto_init = true } },
            apps = new[]
            {
                new
                {
                    app_id = App, slug = "mcp-infra", name = "mcp-infra", private_key = key,
                    permissions = new { contents = "write", pull_requests = "write", metadata = "read", issues = "write", administration = "write" },
                    installations = new[] { new { installation_id = Installation, account = "acme", repository_selection = "all" } },
                },
            },
        },
    });

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
