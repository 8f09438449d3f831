namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>Which of the provider's `endpoints` a resource of hashicorp/aws speaks to, as far as its type tells. Source: the provider's custom service endpoints guide and schema, version 5.100.</summary>
internal static class AwsServices
{
    private static readonly HashSet<string> Silent =
    [
        "arn", "billing_service_account", "cloudfront_log_delivery_canonical_user_id", "cloudtrail_service_account", "default_tags", "elb_hosted_zone_id", "elb_service_account",
        "iam_policy_document", "lb_hosted_zone_id", "partition", "redshift_service_account", "region", "regions", "service", "service_principal",
    ];

    // By the beginning of the type after `aws_`; the longest counts.
    private static readonly Dictionary<string, string> Prefixes = new(StringComparer.Ordinal)
    {
        ["acm_"] = "acm", ["alb"] = "elbv2", ["ami"] = "ec2", ["api_gateway_"] = "apigateway", ["apigatewayv2_"] = "apigatewayv2", ["athena_"] = "athena",
        ["autoscaling_"] = "autoscaling", ["availability_zone"] = "ec2", ["caller_identity"] = "sts", ["cloudformation_"] = "cloudformation", ["cloudfront_"] = "cloudfront",
        ["cloudtrail"] = "cloudtrail", ["cloudwatch_event_"] = "events", ["cloudwatch_log_"] = "logs", ["cloudwatch_dashboard"] = "cloudwatch", ["cloudwatch_metric_"] = "cloudwatch",
        ["cognito_identity_"] = "cognitoidentity", ["cognito_user_"] = "cognitoidp", ["config_"] = "configservice", ["customer_gateway"] = "ec2", ["db_"] = "rds",
        ["default_network_acl"] = "ec2", ["default_route_table"] = "ec2", ["default_security_group"] = "ec2", ["default_subnet"] = "ec2", ["default_vpc"] = "ec2",
        ["dynamodb_"] = "dynamodb", ["ebs_"] = "ec2", ["ec2_"] = "ec2", ["ecr_"] = "ecr", ["ecs_"] = "ecs", ["efs_"] = "efs", ["egress_only_"] = "ec2", ["eip"] = "ec2",
        ["eks_"] = "eks", ["elasticache_"] = "elasticache", ["elb"] = "elb", ["flow_log"] = "ec2", ["glue_"] = "glue", ["guardduty_"] = "guardduty", ["iam_"] = "iam",
        ["instance"] = "ec2", ["internet_gateway"] = "ec2", ["key_pair"] = "ec2", ["kinesis_stream"] = "kinesis", ["kinesis_firehose_"] = "firehose", ["kms_"] = "kms",
        ["lambda_"] = "lambda", ["launch_configuration"] = "autoscaling", ["launch_template"] = "ec2", ["lb"] = "elbv2", ["main_route_table_"] = "ec2", ["nat_gateway"] = "ec2",
        ["network_acl"] = "ec2", ["network_interface"] = "ec2", ["organizations_"] = "organizations", ["placement_group"] = "ec2", ["rds_"] = "rds", ["redshift_"] = "redshift",
        ["route"] = "ec2", ["route53_"] = "route53", ["s3_"] = "s3", ["s3_account_"] = "s3control", ["s3control_"] = "s3control", ["secretsmanager_"] = "secretsmanager", ["security_group"] = "ec2", ["securityhub_"] = "securityhub",
        ["sfn_"] = "sfn", ["sns_"] = "sns", ["spot_"] = "ec2", ["sqs_"] = "sqs", ["ssm_"] = "ssm", ["subnet"] = "ec2", ["volume_attachment"] = "ec2", ["vpc"] = "ec2",
        ["vpc_lattice_"] = "vpclattice", ["vpclattice_"] = "vpclattice", ["vpn_"] = "ec2", ["wafv2_"] = "wafv2",
    };

    private static readonly Dictionary<string, string> Aliases = new(StringComparer.Ordinal)
    {
        ["cloudwatchevents"] = "events", ["cloudwatchlog"] = "logs", ["cloudwatchlogs"] = "logs", ["cognitoidentityprovider"] = "cognitoidp", ["config"] = "configservice",
        ["elasticloadbalancing"] = "elb", ["elasticloadbalancingv2"] = "elbv2", ["eventbridge"] = "events", ["s3api"] = "s3", ["stepfunctions"] = "sfn",
    };

    /// <summary>The service of a resource type, or null when it has none or its type does not tell.</summary>
    public static string? Of(string type)
    {
        var name = type.StartsWith("aws_", StringComparison.Ordinal) ? type[4..] : type;
        return Silent.Contains(name) ? null
            : Prefixes.Keys.Where(prefix => name.StartsWith(prefix, StringComparison.Ordinal)).MaxBy(prefix => prefix.Length) is { } longest ? Prefixes[longest]
            : null;
    }

    /// <summary>The service that an argument of `endpoints` stands for.</summary>
    public static string Named(string argument) => Aliases.GetValueOrDefault(argument, argument);
}
