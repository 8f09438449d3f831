using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace McpInfra.Graph.Collectors.Kubernetes;

/// <summary>
/// Reads where a cluster is and who asks, of one context of a kubeconfig or of the pod that the server runs in. Runs nothing.
/// What would send the credential to whoever answers (no verified TLS, a proxy) is refused.
/// </summary>
public sealed class KubeConfig
{
    private const int MostBytes = 1 << 20;
    /// <summary>Where a pod finds its service account.</summary>
    public const string Mounted = "/var/run/secrets/kubernetes.io/serviceaccount";

    private KubeConfig(KubeCluster cluster, KubeUser user) => (Cluster, User) = (cluster, user);

    /// <summary>Where it is.</summary>
    public KubeCluster Cluster { get; }

    /// <summary>Who asks.</summary>
    public KubeUser User { get; }

    /// <summary>A context of a kubeconfig, or the cluster that the server runs in when there is none.</summary>
    /// <param name="file">Absolute path; null for the cluster that the server runs in.</param>
    /// <param name="context">The context; null for the current one.</param>
    /// <param name="mounted">Where the service account is mounted, when there is no kubeconfig.</param>
    /// <exception cref="SourceException">It cannot be read or is refused; the message says what mends it.</exception>
    public static KubeConfig Read(string? file, string? context, string mounted = Mounted)
    {
        try
        {
            return file is null ? InCluster(mounted) : Of(Load(file), Path.GetDirectoryName(file)!, context);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SourceException(file is null ? "No service account is mounted here; run in a cluster, or name a kubeconfig." : "The kubeconfig, or a file that it names, cannot be read; check the path and permissions.", error);
        }
        catch (Exception error) when (error is YamlException or FormatException or InvalidOperationException) // The last is the library's own, on some texts that break off.
        {
            throw new SourceException("The kubeconfig is no YAML as it is read here; check it with `kubectl config view`.", error);
        }
    }

    private static KubeConfig InCluster(string mounted)
    {
        var (host, port) = (Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST"), Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT") ?? "443");
        var server = host is { Length: > 0 } && Uri.TryCreate($"https://{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}", UriKind.Absolute, out var uri) ? uri
            : throw new SourceException("The server does not run in a cluster (KUBERNETES_SERVICE_HOST is not set); name a kubeconfig.");
        return new KubeConfig(new KubeCluster(server, Text($"{mounted}/ca.crt"), null), new KubeUser.Secret(new SourceSecret(Text($"{mounted}/token").Trim())));
    }

    private static YamlMappingNode Load(string file)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(Text(file)));
        return stream.Documents is [{ RootNode: YamlMappingNode root }] ? root : throw new SourceException("The kubeconfig is no mapping; check it with `kubectl config view`.");
    }

    private static KubeConfig Of(YamlMappingNode config, string folder, string? context)
    {
        var name = context ?? Text(config, "current-context") ?? throw new SourceException("The kubeconfig has no current context; name one as `context`.");
        var chosen = Entry(config, "contexts", name, "context") ?? throw new SourceException("The kubeconfig has no such context; correct `context`, `kubectl config get-contexts` lists them.");
        var cluster = Entry(config, "clusters", Text(chosen, "cluster"), "cluster") ?? throw new SourceException("The context names a cluster that the kubeconfig does not hold.");
        var user = Entry(config, "users", Text(chosen, "user"), "user") ?? throw new SourceException("The context names a user that the kubeconfig does not hold.");
        return new KubeConfig(ClusterOf(cluster, folder), UserOf(user, folder));
    }

    private static KubeCluster ClusterOf(YamlMappingNode cluster, string folder)
    {
        var server = Uri.TryCreate(Text(cluster, "server"), UriKind.Absolute, out var uri) && uri.UserInfo.Length == 0 && (uri.Scheme == "https" || (uri.Scheme == "http" && uri.IsLoopback)) ? uri
            : throw new SourceException("The cluster's server must be an https address, or an http one on loopback.");
        if (Text(cluster, "insecure-skip-tls-verify") is "true")
        {
            throw new SourceException("The kubeconfig skips the check of the server's certificate, so the credential would go to whoever answers; put the cluster's certificate-authority-data in its place.");
        }

        if (Text(cluster, "proxy-url") is not null)
        {
            throw new SourceException("The kubeconfig sends the credential through a proxy; leave proxy-url out.");
        }

        return new KubeCluster(server, Content(cluster, "certificate-authority", folder), Text(cluster, "tls-server-name"));
    }

    private static KubeUser UserOf(YamlMappingNode user, string folder)
    {
        if (Child(user, "exec") is YamlMappingNode exec)
        {
            return new KubeUser.Program(
                Text(exec, "command") ?? "",
                [.. (Child(exec, "args") as YamlSequenceNode ?? []).OfType<YamlScalarNode>().Select(argument => argument.Value ?? "")],
                (Child(exec, "env") as YamlSequenceNode ?? []).OfType<YamlMappingNode>().DistinctBy(pair => Text(pair, "name")).ToDictionary(pair => Text(pair, "name") ?? "", pair => Text(pair, "value") ?? ""),
                Text(exec, "apiVersion") ?? "client.authentication.k8s.io/v1");
        }

        if (Content(user, "client-certificate", folder) is { } certificate && Content(user, "client-key", folder) is { } key)
        {
            return new KubeUser.Secret(new SourceSecret($"{certificate.TrimEnd()}\n{key}"));
        }

        var token = Text(user, "tokenFile") is { } file ? Text(Path.Combine(folder, file)).Trim() : Text(user, "token");
        return token is { Length: > 0 } ? new KubeUser.Secret(new SourceSecret(token))
            : throw new SourceException("The kubeconfig's user has no token, client certificate or exec program; passwords and auth-provider are not read.");
    }

    private static string? Content(YamlMappingNode node, string name, string folder) =>
        Text(node, $"{name}-data") is { } data ? Encoding.UTF8.GetString(Convert.FromBase64String(data)) : Text(node, name) is { } file ? Text(Path.Combine(folder, file)) : null;

    private static YamlMappingNode? Entry(YamlMappingNode config, string list, string? name, string kind) =>
        (Child(config, list) as YamlSequenceNode ?? []).OfType<YamlMappingNode>().Where(entry => name is not null && Text(entry, "name") == name).Select(entry => Child(entry, kind)).OfType<YamlMappingNode>().FirstOrDefault();

    private static YamlNode? Child(YamlMappingNode node, string name) => node.Children.TryGetValue(new YamlScalarNode(name), out var child) ? child : null;

    private static string? Text(YamlMappingNode node, string name) => Child(node, name) is YamlScalarNode { Value: { Length: > 0 } text } ? text : null;

    private static string Text(string file) => new FileInfo(file).Length <= MostBytes ? File.ReadAllText(file) : throw new IOException("too large");
}
