namespace McpInfra.Graph.Collectors.Kubernetes;

/// <summary>How a kubeconfig proves to a cluster who asks.</summary>
public abstract record KubeUser
{
    private KubeUser()
    {
    }

    /// <summary>A token or a client certificate with its key, PEM, that lies in the kubeconfig or in a file that it names.</summary>
    public sealed record Secret(SourceSecret Value) : KubeUser;

    /// <summary>A program that prints a token.</summary>
    /// <param name="Command">As the kubeconfig names it.</param>
    /// <param name="Arguments">Its arguments.</param>
    /// <param name="Environment">Variables that it is given.</param>
    /// <param name="Version">API version of what it prints.</param>
    public sealed record Program(string Command, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment, string Version) : KubeUser;
}
