namespace McpInfra.Graph.Collectors.Aws;

/// <summary>Questions about one resource of which some may be refused, or have nothing to tell, while the resource is still worth reporting.</summary>
internal sealed class Asked
{
    private readonly SortedSet<string> _refused = new(StringComparer.Ordinal);

    /// <summary>Permissions that were wanting.</summary>
    public IReadOnlySet<string> Refused => _refused;

    /// <summary>The answer; nothing where there is none, or the permission for it.</summary>
    public async Task<T?> Async<T>(string permission, Func<Task<T>> ask)
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (Exception e) when (AwsException.Of(e) is { Fault: CloudFault.Missing })
        {
            return default;
        }
        catch (Exception e) when (AwsException.Of(e) is { Fault: CloudFault.Denied })
        {
            lock (_refused)
            {
                _refused.Add(permission);
            }

            return default;
        }
    }
}
