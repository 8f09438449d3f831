using Amazon;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>A service without a package.</summary>
/// <param name="SigningName">Its name in a signature.</param>
/// <param name="Host">First label of its endpoints.</param>
/// <param name="Version">Version of a Query service, prefix of a JSON service's target.</param>
internal sealed record AwsService(string SigningName, string Host, string Version)
{
    public static readonly AwsService CloudFormation = new("cloudformation", "cloudformation", "2010-05-15");
    public static readonly AwsService Config = new("config", "config", "StarlingDoveService");
    public static readonly AwsService CostExplorer = new("ce", "ce", "AWSInsightsIndexService");
    public static readonly AwsService Iam = new("iam", "iam", "2010-05-08");
    public static readonly AwsService Lambda = new("lambda", "lambda", "2015-03-31");
    public static readonly AwsService LoadBalancing = new("elasticloadbalancing", "elasticloadbalancing", "2015-12-01");
    public static readonly AwsService Organizations = new("organizations", "organizations", "AWSOrganizationsV20161128");
    public static readonly AwsService Rds = new("rds", "rds", "2014-10-31");
    public static readonly AwsService SecurityHub = new("securityhub", "securityhub", "2018-10-26");
    public static readonly AwsService Ssm = new("ssm", "ssm", "AmazonSSM");
    public static readonly AwsService Tagging = new("tagging", "tagging", "ResourceGroupsTaggingAPI_20170126");

    /// <summary>The service's own endpoint. IAM has one in a partition; in the commercial one its host names no region.</summary>
    public Uri Endpoint(RegionEndpoint region) => new(this == Iam && region.PartitionName == "aws"
        ? "https://iam.amazonaws.com"
        : this == Iam && region.PartitionName == "aws-us-gov"
            ? "https://iam.us-gov.amazonaws.com"
            : $"https://{Host}.{region.SystemName}.{region.PartitionDnsSuffix}");
}
