namespace McpInfra.Build.AwsActions;

/// <summary>The table as it is shipped: one line an action, so that a change of it is read in a diff.</summary>
internal static class Table
{
    public static IEnumerable<string> Of(IReadOnlyList<ServiceModel> models, Review review)
    {
        yield return "# Made by build/AwsActions from AWS's public service models and review.txt; not edited by hand.";
        yield return "# = SIGNING_NAME HOST PROTOCOLS TARGET_PREFIX, then its actions: + passes, - is a read that is refused, . is no read; REST actions with method and path.";
        foreach (var model in models.OrderBy(model => model.Signing, StringComparer.Ordinal).ThenBy(model => model.Name, StringComparer.Ordinal))
        {
            yield return $"= {model.Signing} {model.Host} {string.Join(',', model.Protocols)} {model.Target}".TrimEnd();
            foreach (var action in model.Actions)
            {
                var mark = review.Mark(model, action);
                yield return model.Protocols.Any(protocol => protocol.StartsWith("rest-", StringComparison.Ordinal)) ? $"{mark}{action.Name} {action.Method} {action.Uri}" : $"{mark}{action.Name}";
            }
        }
    }
}
