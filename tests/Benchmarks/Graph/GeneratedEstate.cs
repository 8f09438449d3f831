using System.Globalization;
using System.Text.Json.Nodes;
using McpInfra.Graph;

namespace McpInfra.Benchmarks.Graph;

/// <summary>
/// An estate of any size, always the same: accounts of which the first holds half of everything, regions, forty types, tags, 1.5 KB of configuration a resource and 3.3 relations.
/// A fifth of the resources are what others use. A twentieth of all use one key; an eighth of what other accounts hold use something of the first account.
/// </summary>
internal sealed class GeneratedEstate(int count)
{
    private const int PerAccount = 25_000;
    private const int UsedTypes = 8;

    private static readonly string[] Regions = ["us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-2"];
    private static readonly string[] Teams = [.. Enumerable.Range(0, 120).Select(team => $"team-{team:000}")];
    private static readonly string[] Types =
    [
        "AWS::EC2::VPC", "AWS::EC2::Subnet", "AWS::EC2::SecurityGroup", "AWS::IAM::Role", "AWS::KMS::Key", "AWS::EC2::RouteTable", "AWS::SNS::Topic", "AWS::ECS::Cluster",
        "AWS::EC2::Instance", "AWS::EC2::Volume", "AWS::EC2::NetworkInterface", "AWS::S3::Bucket", "AWS::Lambda::Function", "AWS::SQS::Queue", "AWS::DynamoDB::Table", "AWS::RDS::DBInstance",
        "AWS::Logs::LogGroup", "AWS::CloudWatch::Alarm", "AWS::ECS::Service", "AWS::ECS::TaskDefinition", "AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ElasticLoadBalancingV2::TargetGroup",
        "AWS::ECR::Repository", "AWS::SecretsManager::Secret", "AWS::SSM::Parameter", "AWS::Events::Rule", "AWS::StepFunctions::StateMachine", "AWS::ApiGateway::RestApi", "AWS::CloudFront::Distribution",
        "AWS::Route53::RecordSet", "AWS::ElastiCache::CacheCluster", "AWS::OpenSearchService::Domain", "AWS::Kinesis::Stream", "AWS::Glue::Job", "AWS::Athena::WorkGroup", "AWS::Batch::JobQueue",
        "AWS::EFS::FileSystem", "AWS::Backup::BackupPlan", "AWS::CodeBuild::Project", "AWS::WAFv2::WebACL",
    ];

    /// <summary>Resources, those that stand for accounts included.</summary>
    public int Count => count;

    public int Accounts { get; } = Math.Max(2, count / PerAccount);

    /// <summary>How much of everything the first account holds.</summary>
    private int FirstHolds => count / 2;

    public string AccountId(int account) => $"arn:aws:organizations::{100_000_000_000 + account}:account/o-estate/{100_000_000_000 + account}";

    /// <summary>The resource of a number; the first are the accounts.</summary>
    public Resource Resource(int number, int version = 1)
    {
        if (number < Accounts)
        {
            return new Resource { Id = AccountId(number), Type = "AWS::Organizations::Account", Name = $"account-{number:000}", Provider = "aws", Account = Account(number), Environment = Environment(number) };
        }

        var (account, random) = (AccountOf(number), Mix(number));
        var type = TypeOf(number);
        var region = Regions[random % 5];
        var service = type.Split("::")[1].ToLowerInvariant();
        var name = $"{Teams[random / 7 % 120][5..]}-{service}-{number:x6}";
        return new Resource
        {
            Id = Id(number), Type = type, Name = name, Provider = "aws", Account = Account(account), Region = region, Status = random % 50 == 0 ? "stopped" : "available", Environment = Environment(account),
            Tags = new Dictionary<string, string>
            {
                ["Name"] = name, ["team"] = Teams[random / 7 % 120], ["cost-center"] = $"cc-{random / 11 % 400}", ["service"] = $"svc-{random / 13 % 2000}", ["managed-by"] = random % 3 == 0 ? "console" : "terraform", ["version"] = $"v{version}",
            },
            Configuration = Configuration(number, random + version - 1),
        };
    }

    /// <summary>Relations that a resource says.</summary>
    public IEnumerable<Relation> Relations(int number)
    {
        if (number < Accounts)
        {
            yield break;
        }

        var (account, random) = (AccountOf(number), Mix(number));
        yield return new Relation(AccountId(account), RelationType.Contains, Id(number));
        if (IsUsed(number))
        {
            yield break;
        }

        yield return new Relation(Id(number), RelationType.SecuredBy, Id(UsedNear(number, 1)));
        yield return new Relation(Id(number), RelationType.Uses, Id(UsedNear(number, 2)));
        if (random % 16 == 0)
        {
            yield return new Relation(Id(number), RelationType.EncryptedBy, Id(TheKey));
        }

        if (random % 8 != 1)
        {
            yield return new Relation(Id(number), RelationType.AttachedTo, Id(account != 0 && random % 8 == 3 ? UsedOf(0, random) : UsedNear(number, 3)));
        }
    }

    public string Id(int number)
    {
        if (number < Accounts)
        {
            return AccountId(number);
        }

        var kind = TypeOf(number).Split("::");
        return $"arn:aws:{kind[1].ToLowerInvariant()}:{Regions[Mix(number) % 5]}:{Account(AccountOf(number))}:{kind[2].ToLowerInvariant()}/{Mix(number):x8}{number:x9}";
    }

    /// <summary>The key that a twentieth of everything uses.</summary>
    public int TheKey => Accounts + 5;

    public static bool IsUsed(int number) => number % 5 == 0;

    private int AccountOf(int number) => number - Accounts < FirstHolds ? 0 : 1 + ((number - Accounts - FirstHolds) * (Accounts - 1) / Math.Max(1, count - Accounts - FirstHolds));

    private string TypeOf(int number) => IsUsed(number) ? Types[Mix(number) / 3 % UsedTypes] : Types[UsedTypes + (Mix(number) / 3 % (Types.Length - UsedTypes))];

    /// <summary>One that is used, a little before, in the same account.</summary>
    private int UsedNear(int number, int which)
    {
        var used = (number - (Mix(number + which) % 60)) / 5 * 5;
        return used > Accounts && AccountOf(used) == AccountOf(number) ? used : UsedOf(AccountOf(number), Mix(number));
    }

    private int UsedOf(int account, int random)
    {
        var first = account == 0 ? Accounts : Accounts + FirstHolds + (int)((long)(account - 1) * (count - Accounts - FirstHolds) / (Accounts - 1)) + 1;
        var many = account == 0 ? FirstHolds : (count - Accounts - FirstHolds) / (Accounts - 1);
        var used = (first + (random % Math.Max(1, many - 10)) + 4) / 5 * 5;
        return AccountOf(used) == account ? used : (first + 4) / 5 * 5;
    }

    private static string Account(int account) => (100_000_000_000 + account).ToString(CultureInfo.InvariantCulture);

    private static string Environment(int account) => account % 3 == 0 ? "prod" : account % 3 == 1 ? "staging" : "dev";

    private static JsonObject Configuration(int number, int random) => new()
    {
        ["InstanceType"] = $"m{random % 8}.large", ["CreatedAt"] = "2026-01-01T00:00:00Z", ["Revision"] = random % 100,
        ["Policy"] = $"{{\"Version\":\"2012-10-17\",\"Statement\":[{{\"Effect\":\"Allow\",\"Action\":[\"s3:GetObject\",\"s3:ListBucket\"],\"Resource\":\"arn:aws:s3:::bucket-{number}/*\"}}]}}",
        ["Addresses"] = new JsonArray([.. Enumerable.Range(0, 12).Select(at => (JsonNode)$"10.{random % 200}.{at}.{number % 250}/32")]),
        ["Description"] = new string('x', 400) + number.ToString(CultureInfo.InvariantCulture), ["Endpoint"] = $"https://service-{number}.internal.example.com/v1", ["Notes"] = new string('y', 400),
    };

    private static int Mix(int number)
    {
        var mixed = (uint)number * 2654435761u;
        mixed ^= mixed >> 15;
        mixed *= 2246822519u;
        return (int)((mixed ^ (mixed >> 13)) >> 1);
    }
}
