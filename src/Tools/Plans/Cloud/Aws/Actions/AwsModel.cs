namespace McpInfra.Tools.Plans.Cloud.Aws;

/// <summary>Everything that signs with one name.</summary>
/// <param name="Models">Its models: one name may stand for several, such as both generations of load balancers.</param>
internal sealed record AwsService(IReadOnlyList<AwsModel> Models);

/// <summary>One service model of the table.</summary>
/// <param name="Signing">The name in signatures.</param>
/// <param name="Host">How its hosts start.</param>
/// <param name="Protocols">Protocols it takes.</param>
/// <param name="Target">What `X-Amz-Target` starts with; empty for none.</param>
/// <param name="Actions">Its actions by name.</param>
internal sealed record AwsModel(string Signing, string Host, IReadOnlyList<string> Protocols, string Target, IReadOnlyDictionary<string, AwsAction> Actions)
{
    /// <summary>Whether actions come by name in a form or query.</summary>
    public bool IsQuery => Protocols.Contains("query") || Protocols.Contains("ec2");

    /// <summary>Whether actions come by method and path.</summary>
    public bool IsRest => Protocols.Any(protocol => protocol.StartsWith("rest-", StringComparison.Ordinal));

    /// <summary>Reads a section of the table.</summary>
    public static AwsModel Parse(IReadOnlyList<string> lines)
    {
        var head = lines[0].Split(' ');
        return new AwsModel(head[1], head[2], head[3].Split(','), head.Length > 4 ? head[4] : "", lines.Skip(1).Where(line => line.Length > 1).Select(AwsAction.Parse).ToDictionary(action => action.Name, StringComparer.Ordinal));
    }
}

/// <summary>One action of the table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Verdict">What the review says of it.</param>
/// <param name="Route">By which REST requests are recognised; null for other protocols.</param>
internal sealed record AwsAction(string Name, AwsVerdict Verdict, RestRoute? Route)
{
    /// <summary>Reads a line of the table.</summary>
    public static AwsAction Parse(string line)
    {
        var words = line[1..].Split(' ');
        var verdict = line[0] switch
        {
            '+' => AwsVerdict.Passes,
            '-' => AwsVerdict.ReadsSecrets,
            _ => AwsVerdict.NoRead,
        };
        return new AwsAction(words[0], verdict, words.Length > 2 ? RestRoute.Parse(words[1], words[2]) : null);
    }
}

/// <summary>What the review says of an action.</summary>
internal enum AwsVerdict
{
    /// <summary>It changes something, or is not known to be a read.</summary>
    NoRead,

    /// <summary>A read that hands out secrets, tokens or the data itself.</summary>
    ReadsSecrets,

    /// <summary>A plan may ask it.</summary>
    Passes,
}
