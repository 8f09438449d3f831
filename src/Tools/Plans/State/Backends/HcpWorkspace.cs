namespace McpInfra.Tools.Plans.State.Backends;

/// <summary>How workspaces of HCP Terraform are named, and what the engine calls them.</summary>
internal static class HcpWorkspace
{
    /// <summary>Its name at HCP Terraform.</summary>
    /// <exception cref="StateException">Code leaves the choice open and the operator chose none.</exception>
    public static string NameOf(BackendPlace place) =>
        place.Bound("workspace") ?? place.Text("workspaces.name")
        ?? (place.IsDefault
            ? throw new StateException("The stack's code chooses among workspaces of HCP Terraform by prefix, tags or project. Name the one to plan in the stack's `workspace` in mcp-infra.yaml.")
            : place.Text("workspaces.prefix") + place.Workspace);

    /// <summary>What `terraform.workspace` is for the engine: with a `cloud` block the workspace's own name.</summary>
    public static string ForEngine(BackendPlace place) => place.Kind == "cloud" ? NameOf(place) : place.Workspace;
}
