using McpInfra.Guardrails.Credentials;

namespace McpInfra.Tools.Credentials.Aws;

/// <summary>The session policy of each intent.</summary>
public static class SessionPolicies
{
    /// <summary>For scans: exactly what the collector lists and describes.</summary>
    public static SessionPolicy Scan { get; } = Allowing(
        "ce:GetCostAndUsage", "ce:GetCostAndUsageWithResources", "cloudformation:DescribeStackResourceDrifts", "cloudformation:ListStackResources", "cloudformation:ListStacks",
        "config:DescribeConfigurationAggregatorSourcesStatus", "config:DescribeConfigurationRecorderStatus", "config:SelectAggregateResourceConfig", "config:SelectResourceConfig",
        "dynamodb:DescribeTable", "dynamodb:ListTables",
        "ec2:DescribeInstances", "ec2:DescribeInternetGateways", "ec2:DescribeNatGateways", "ec2:DescribeNetworkInterfaces", "ec2:DescribeRouteTables",
        "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVolumes", "ec2:DescribeVpcs",
        "elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetHealth",
        "iam:GetAccountAuthorizationDetails", "iam:ListInstanceProfiles", "iam:ListPolicyTags",
        "kms:DescribeKey", "kms:GetKeyRotationStatus", "kms:ListAliases", "kms:ListKeys", "lambda:ListFunctions", "organizations:ListAccounts", "rds:DescribeDBInstances",
        "s3:GetBucketPolicyStatus", "s3:GetBucketPublicAccessBlock", "s3:GetBucketTagging", "s3:GetBucketVersioning", "s3:GetEncryptionConfiguration", "s3:ListAllMyBuckets",
        "securityhub:GetFindings", "sqs:GetQueueAttributes", "sqs:ListQueues", "ssm:DescribeParameters", "sts:GetCallerIdentity", "tag:GetResources");

    /// <summary>For the state in its bucket, decrypted by S3 alone.</summary>
    public static SessionPolicy State { get; } = new(
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Resource":"*","Action":["s3:GetObject","s3:GetObjectVersion","s3:ListBucket","s3:GetBucketLocation","sts:GetCallerIdentity"]},{"Effect":"Allow","Resource":"*","Action":"kms:Decrypt","Condition":{"StringLike":{"kms:ViaService":"s3.*"}}}]}""");

    /// <summary>For plans: what AWS calls read-only, without whatever returns secrets or what is stored. The proxy in front of it lets through less. Parameters are read, but nothing decrypts them.</summary>
    public static SessionPolicy Plan { get; } = new(
        Statement("Deny",
            "appconfig:Get*Configuration", "athena:GetQueryResults*", "codeartifact:GetAuthorizationToken", "codeartifact:Read*", "codecommit:Get*", "codecommit:GitPull",
            "cognito-identity:GetCredentialsForIdentity", "cognito-identity:GetOpenId*", "connect:GetFederationToken", "dynamodb:BatchGet*", "dynamodb:GetItem", "dynamodb:GetRecords", "dynamodb:PartiQL*", "dynamodb:Query", "dynamodb:Scan",
            "ec2:GetConsole*", "ec2:GetPasswordData", "ecr:BatchGetImage", "ecr:GetAuthorizationToken", "ecr:GetDownloadUrlForLayer", "ecr-public:GetAuthorizationToken",
            "glacier:GetJobOutput", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:SubscribeToShard", "kms:Decrypt", "kms:Generate*", "kms:ReEncrypt*", "lambda:Invoke*", "lightsail:DownloadDefaultKeyPair", "lightsail:Get*Access*",
            "logs:FilterLogEvents", "logs:Get*Events", "logs:GetLogRecord", "logs:GetQueryResults", "logs:StartQuery", "logs:Unmask", "rds:DownloadDBLogFilePortion", "rds-data:*", "redshift:GetClusterCredentials*", "redshift-serverless:GetCredentials",
            "s3:GetObjectTorrent", "s3:GetObjectVersionTorrent", "secretsmanager:BatchGet*", "secretsmanager:GetSecretValue", "sqs:ReceiveMessage",
            "ssm:GetCommandInvocation", "ssm:GetParameterHistory", "sso:GetRoleCredentials", "sts:Assume*", "sts:Get*Token"),
        "ReadOnlyAccess");

    /// <summary>All of them.</summary>
    public static IReadOnlyDictionary<CredentialIntent, SessionPolicy> All { get; } = new Dictionary<CredentialIntent, SessionPolicy>
    {
        [CredentialIntent.ScanSource] = Scan,
        [CredentialIntent.ReadState] = State,
        [CredentialIntent.PlanStack] = Plan,
    };

    private static SessionPolicy Allowing(params string[] actions) => new(Statement("Allow", actions));

    private static string Statement(string effect, params string[] actions) =>
        $$"""{"Version":"2012-10-17","Statement":[{"Effect":"{{effect}}","Resource":"*","Action":[{{string.Join(',', actions.Select(action => $"\"{action}\""))}}]}]}""";
}
