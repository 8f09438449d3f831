using CsCheck;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Queries;

namespace McpInfra.Graph.Tests.Snapshots;

/// <summary>Small estates that differ from scan to scan: resources come and go, change, and are related anew.</summary>
internal static class RandomEstate
{
    private const int Most = 30;

    private static readonly string[] Types = ["AWS::EC2::Instance", "AWS::EC2::VPC", "aws::s3::bucket", "Microsoft.Storage/storageAccounts"];
    private static readonly string?[] Regions = ["us-east-1", "eu-west-1", null];
    private static readonly string?[] Environments = ["prod", "Prod", "dev", null];

    private static readonly Gen<Resource> One = Gen.Select(Gen.Int[0, Most - 1], Gen.Int[0, 3], Gen.Int[0, 2], Gen.Int[0, 3], Gen.Int[0, 2], Gen.Int[0, 7]).Select((number, type, region, environment, account, tags) => new Resource
    {
        Id = Id(number), Type = Types[type], Name = $"n{number % 7}", Provider = type == 3 ? "azure" : "aws", Account = account == 0 ? null : $"account-{account}", Region = Regions[region],
        Environment = Environments[environment],
        Tags = new (string, string)[] { ("Team", $"t{number % 3}"), ("team", "T1"), ("Name", $"n{number}") }.Where((_, at) => (tags & (1 << at)) != 0).ToDictionary(tag => tag.Item1, tag => tag.Item2),
    });

    private static readonly Gen<Relation> Edge = Gen.Select(Gen.Int[0, Most - 1], Gen.Enum<RelationType>(), Gen.Int[0, Most - 1]).Select((from, type, to) => new Relation(Id(from), type, Id(to)));

    /// <summary>What each of several scans sees; all listings are complete.</summary>
    public static Gen<List<IReadOnlyList<Observation>>> Scans { get; } = Gen.Select(One.List[0, Most], Edge.List[0, 60], Gen.Int[0, Most - 1].List[0, 5]).Select((resources, relations, flawed) => (IReadOnlyList<Observation>)
    [
        .. resources.DistinctBy(resource => resource.Id).Select(resource => new Observation.Seen(resource)),
        .. relations.Select(relation => new Observation.Related(relation)),
        .. flawed.Select(number => new Observation.Found(new Finding { Id = $"f{number}", Rule = "r", Title = "t", Severity = "high", Tool = "x", Resource = Id(number) })),
        new Observation.Complete(null, null, "*"),
    ]).List[1, 5];

    /// <summary>Queries without texts.</summary>
    public static Gen<SearchQuery> Query { get; } = Gen.Select(
        Gen.Int[0, 5], Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 4], Gen.Select(Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, 6]), Gen.Select(Gen.Int[0, 3], Gen.Int[1, 12])).Select((type, region, account, environment, flags, rest) => new SearchQuery
    {
        Type = type < 4 ? Types[type].ToUpperInvariant() : type == 4 ? "aws_vpc" : null,
        Region = region < 2 ? Regions[region] : null,
        Account = account is 1 or 2 ? $"ACCOUNT-{account}" : null,
        Environment = environment < 3 ? Environments[environment] : null,
        Managed = flags.Item1 == 0 ? false : null,
        Findings = flags.Item2 switch { 0 => false, 1 => true, _ => null },
        Tag = new[] { "team", "TEAM=t1", "team=t2", "name=n3", "other", null, null }[flags.Item3],
        ChangedSince = rest.Item1 < 3 ? new DateTimeOffset(2026, 1, 1, rest.Item1, 0, 0, TimeSpan.Zero) : null,
        Limit = rest.Item2,
    });

    public static string Id(int number) => $"arn:aws:x:us-east-1:123456789012:x/{number:00}";
}
