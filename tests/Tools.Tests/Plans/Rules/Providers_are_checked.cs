using McpInfra.Tools.Plans.Engines.Terraform.Rules;
using Xunit;

namespace McpInfra.Tools.Tests.Plans.Rules;

public sealed class Providers_are_checked
{
    private const string NotListed = "the provider is not on the list of those that may run";
    private const string NotLiteral = "a provider's source must be one plain literal";
    private const string NotInEgress = "a provider's endpoint is not in the stack's egress";
    private const string NotKnown = "a provider's endpoint must be a literal, or a variable of the stack that has one";

    private static string Rule(string code, string path = "main.tf") => Sample.Of(code, path).Faults.Select(fault => fault.Rule).FirstOrDefault("");

    private static string Required(string entry) => $"terraform {{\n  required_providers {{\n    {entry}\n  }}\n}}\n";

    [Theory]
    [InlineData("aws = { source = \"hashicorp/aws\", version = \"~> 5\" }")]
    [InlineData("aws = \"~> 5\"")]
    [InlineData("aws = { version = \"~> 5\" }")]
    [InlineData("aws = { \"source\" = \"registry.terraform.io/HashiCorp/AWS\" }")]
    [InlineData("mine = { source = \"hashicorp/random\", configuration_aliases = [mine.a] }")]
    public void Usual_sources_pass(string entry) => Assert.Equal("", Rule(Required(entry)));

    [Theory]
    [InlineData("aws = { source = \"evil/aws\" }", NotListed)]
    [InlineData("aws = { source = \"registry.evil.dev/hashicorp/aws\" }", NotListed)]
    [InlineData("aws = { source = \"hashicorp/external\" }", NotListed)]
    [InlineData("http = \"1.0\"", NotListed)]
    [InlineData("aws = { source = \"hashicorp/aws\", source = \"evil/aws\" }", NotListed)]
    [InlineData("aws = { source = \"evil/aws\", source = \"hashicorp/aws\" }", NotListed)]
    [InlineData("aws = { source = \"\\u0065vil/aws\" }", NotListed)]
    [InlineData("aws = { source = \"hashicorp/${\"external\"}\" }", NotLiteral)]
    [InlineData("aws = { source = true ? \"evil/aws\" : \"hashicorp/aws\" }", NotLiteral)]
    [InlineData("aws = { (\"source\") = \"evil/aws\" }", NotLiteral)]
    [InlineData("aws = { \"sour${\"ce\"}\" = \"evil/aws\" }", NotLiteral)]
    [InlineData("aws = { source = \"hashi\\u212Aorp/aws\" }", NotLiteral)]
    [InlineData("aws = { source = \"a/b/c/d\" }", NotLiteral)]
    [InlineData("aws = merge({}, { source = \"evil/aws\" })", NotLiteral)]
    public void Other_sources_are_refused(string entry, string rule) => Assert.Equal(rule, Rule(Required(entry)));

    [Theory]
    [InlineData("{\"terraform\": {\"required_providers\": {\"aws\": {\"source\": \"evil/aws\"}}}}", NotListed)]
    [InlineData("{\"terraform\": [{\"required_providers\": [{\"aws\": {\"source\": \"evil/aws\"}}]}]}", NotListed)]
    [InlineData("{\"terraform\": {\"required_providers\": {\"aws\": {\"source\": \"hashicorp/${\\\"external\\\"}\"}}}}", NotLiteral)]
    [InlineData("{\"provider\": {\"evil\": {}}}", NotListed)]
    [InlineData("{\"resource\": {\"evil_thing\": {\"x\": {}}}}", NotListed)]
    public void Json_is_no_way_around(string code, string rule) => Assert.Equal(rule, Rule(code, "main.tf.json"));

    [Theory]
    [InlineData("resource \"evil_thing\" \"x\" {}\n")]
    [InlineData("resource \"aws_vpc\" \"x\" {\n  provider = evil.b\n}\n")]
    [InlineData("resource \"evil_thing\" \"x\" {\n  provider = aws\n}\n")]
    [InlineData("provider \"evil\" {}\n")]
    [InlineData("data \"evil_thing\" \"x\" {}\n")]
    [InlineData("check \"c\" {\n  data \"evil_thing\" \"x\" {}\n}\n")]
    public void A_provider_that_is_only_used_is_refused(string code) => Assert.Equal(NotListed, Rule(code));

    [Fact]
    public void An_operator_may_allow_a_source_but_not_bring_back_external()
    {
        var code = Required("thing = { source = \"acme/thing\" }");
        Assert.True(new Sample { Allowed = new() { Providers = ["Acme/Thing"] } }.With("main.tf", code).Check().Passed);
        Assert.False(new Sample { Allowed = new() { Providers = ["hashicorp/external"] } }.With("main.tf", "data \"external\" \"x\" {}\n").Check().Passed);
    }

    [Theory]
    [InlineData("aws", "shared_config_files = [\"x\"]")]
    [InlineData("aws", "shared_credentials_files = var.files")]
    [InlineData("aws", "profile = \"default\"")]
    [InlineData("aws", "custom_ca_bundle = \"x\"")]
    [InlineData("aws", "http_proxy = \"http://evil\"")]
    [InlineData("aws", "ec2_metadata_service_endpoint = \"http://moto:5555\"")]
    [InlineData("aws", "assume_role_with_web_identity {\n  web_identity_token_file = \"/etc/passwd\"\n}")]
    [InlineData("azurerm", "client_certificate_path = \"x\"")]
    [InlineData("azurerm", "oidc_token_file_path = \"x\"")]
    [InlineData("azurerm", "use_cli = true")]
    [InlineData("google", "credentials = \"{}\"")]
    [InlineData("kubernetes", "config_path = \"~/.kube/config\"")]
    [InlineData("kubernetes", "exec {\n  command = \"sh\"\n}")]
    [InlineData("helm", "kubernetes {\n  exec {\n    command = \"sh\"\n  }\n}")]
    [InlineData("helm", "kubernetes = { exec = { command = \"sh\" } }")]
    [InlineData("helm", "kubernetes = { \"config_path\" = \"x\" }")]
    [InlineData("helm", "kubernetes = { (\"config_path\") = \"x\" }")]
    [InlineData("helm", "kubernetes = local.k")]
    [InlineData("helm", "kubernetes = true ? { exec = {} } : null")]
    [InlineData("helm", "kubernetes = [local.k]")]
    [InlineData("vault", "auth_login_userpass {\n  username = \"x\"\n}")]
    [InlineData("vault", "ca_cert_dir = \"x\"")]
    [InlineData("consul", "ca_file = \"x\"")]
    [InlineData("aws", "dynamic \"assume_role_with_web_identity\" {\n  for_each = [1]\n  content {\n    web_identity_token_file = \"x\"\n  }\n}")]
    [InlineData("aws", "dynamic \"endpoints\" {\n  for_each = [1]\n  content {\n    s3 = \"http://evil\"\n  }\n}")]
    public void Arguments_that_run_or_read_are_refused(string provider, string argument) =>
        Assert.NotEqual("", Rule($"provider \"{provider}\" {{\n  alias = \"a\"\n  {argument}\n}}\n"));

    [Theory]
    [InlineData("{\"provider\": {\"aws\": {\"shared_config_files\": [\"x\"]}}}")]
    [InlineData("{\"provider\": {\"aws\": [{\"alias\": \"a\"}, {\"profile\": \"x\"}]}}")]
    [InlineData("{\"provider\": [{\"kubernetes\": {\"exec\": {\"command\": \"sh\"}}}]}")]
    [InlineData("{\"provider\": {\"helm\": {\"kubernetes\": [{\"exec\": [{\"command\": \"sh\"}]}]}}}")]
    [InlineData("{\"provider\": {\"helm\": {\"kubernetes\": {\"${\\\"exec\\\"}\": {\"command\": \"sh\"}}}}}")]
    public void Such_arguments_in_Json_too(string code) => Assert.NotEqual("", Rule(code, "main.tf.json"));

    [Theory]
    [InlineData("aws", "region = var.region\n  default_tags {\n    tags = {\n      profile = \"x\"\n      config_path = \"y\"\n    }\n  }")]
    [InlineData("aws", "access_key = \"test\"\n  secret_key = \"test\"\n  skip_metadata_api_check = \"true\"\n  s3_use_path_style = true")]
    [InlineData("azurerm", "use_cli = false\n  features {}\n  client_certificate_path = null")]
    [InlineData("google", "access_token = \"x\"\n  storage_custom_endpoint = \"http://moto:5555/storage/v1/\"")]
    [InlineData("kubernetes", "host = \"https://moto:5555\"\n  token = \"x\"")]
    public void Plain_arguments_pass(string provider, string argument) => Assert.Equal("", Rule($"provider \"{provider}\" {{\n  {argument}\n}}\n"));

    [Theory]
    [InlineData("\"http://moto:5555\"", "")]
    [InlineData("\"http://MOTO:5555/x\"", "")]
    [InlineData("var.endpoint", "")]
    [InlineData("local.endpoint", "")]
    [InlineData("\"http://${local.host}:5555\"", "")]
    [InlineData("\"http://moto\"", NotInEgress)]
    [InlineData("\"https://s3.amazonaws.com\"", NotInEgress)]
    [InlineData("\"http://evil.dev:5555\"", NotInEgress)]
    [InlineData("\"http://moto:5555@evil.dev\"", NotInEgress)]
    [InlineData("\"http://moto:5555\\\\@evil.dev\"", NotInEgress)]
    [InlineData("\"http://evil.dev#moto:5555\"", NotInEgress)]
    [InlineData("\"http://evil.dev?moto:5555\"", NotInEgress)]
    [InlineData("\"http://169.254.169.254\"", NotInEgress)]
    [InlineData("\"http://[::ffff:169.254.169.254]\"", NotInEgress)]
    [InlineData("\"http://2852039166/\"", NotInEgress)]
    [InlineData("\"//moto:5555\"", NotInEgress)]
    [InlineData("\"file:///etc/passwd\"", NotInEgress)]
    [InlineData("\"http://mot\\u00F8:5555\"", NotInEgress)]
    [InlineData("var.absent", NotKnown)]
    [InlineData("each.value", NotKnown)]
    [InlineData("join(\"\", [\"http://moto:5555\"])", NotKnown)]
    [InlineData("terraform_data.x.output", NotKnown)]
    public void Endpoints_lead_to_egress_only(string value, string rule)
    {
        const string Values = "variable \"endpoint\" {\n  default = \"http://evil\"\n}\nlocals {\n  host = \"moto\"\n  endpoint = \"http://moto:5555\"\n}\n";
        string Of(string provider) => new Sample().With("main.tf", Values + provider).With("terraform.tfvars", "endpoint = \"http://evil\"\n").With("z.auto.tfvars.json", "{\"endpoint\": \"http://moto:5555\"}").Check()
            .Faults.Select(fault => fault.Rule).FirstOrDefault("");
        Assert.Equal(rule, Of($"provider \"aws\" {{\n  endpoints {{\n    s3 = {value}\n  }}\n}}\n"));
        Assert.Equal(rule, Of($"provider \"aws\" {{\n  for_each = var.all\n  alias = \"all\"\n  endpoints {{\n    s3 = \"http://moto:5555\"\n  }}\n  endpoints {{\n    ec2 = {value}\n  }}\n}}\n"));
    }

    [Fact]
    public void Endpoints_in_a_module_must_be_written_there() => Assert.Equal(
        NotKnown,
        Assert.Single(new Sample().With("main.tf", "module \"m\" {\n  source = \"./m\"\n  endpoint = \"http://moto:5555\"\n}\nvariable \"endpoint\" {\n  default = \"http://moto:5555\"\n}\n")
            .With("m/x.tf", "variable \"endpoint\" {}\nprovider \"aws\" {\n  endpoints {\n    s3 = var.endpoint\n  }\n}\n").Check().Faults).Rule);

    [Fact]
    public void Locals_that_double_or_turn_in_a_circle_end()
    {
        var doubling = string.Concat(Enumerable.Range(0, 60).Select(at => $"  a{at} = \"${{local.a{at + 1}}}${{local.a{at + 1}}}\"\n"));
        Assert.Equal(NotKnown, Rule($"locals {{\n{doubling}  c = local.d\n  d = local.c\n}}\nprovider \"aws\" {{\n  endpoints {{\n    s3 = local.a0\n    ec2 = local.c\n  }}\n}}\n"));
    }

    private static ProviderInUse Used(string code) => Assert.Single(Sample.Of(code).Providers);

    private const string Moto = "  endpoints {\n    ec2 = \"http://moto:5555\"\n    sts = \"http://moto:5555\"\n    eventbridge = \"http://moto:5555\"\n  }\n";

    [Theory]
    [InlineData("resource \"terraform_data\" \"x\" {}\n", "terraform.io/builtin/terraform", false)]
    [InlineData("resource \"random_id\" \"x\" {}\n", "hashicorp/random", false)]
    [InlineData("resource \"aws_vpc\" \"x\" {}\n", "hashicorp/aws", true)]
    [InlineData("provider \"aws\" {\n  region = \"eu-west-1\"\n}\nresource \"aws_vpc\" \"x\" {}\n", "hashicorp/aws", true)]
    [InlineData("provider \"aws\" {\n" + Moto + "}\nresource \"aws_vpc\" \"x\" {}\n", "hashicorp/aws", false)]
    [InlineData("provider \"aws\" {\n" + Moto + "}\nresource \"aws_cloudwatch_event_rule\" \"x\" {}\n", "hashicorp/aws", false)]
    [InlineData("provider \"aws\" {\n" + Moto + "}\nresource \"aws_s3_bucket\" \"x\" {}\n", "hashicorp/aws", true)]
    [InlineData("provider \"aws\" {\n  alias = \"west\"\n" + Moto + "}\nresource \"aws_vpc\" \"x\" {}\n", "hashicorp/aws", true)]
    [InlineData("provider \"aws\" {\n  alias = \"west\"\n" + Moto + "}\nresource \"aws_vpc\" \"x\" {\n  provider = aws.west\n}\n", "hashicorp/aws", false)]
    [InlineData("provider \"aws\" {\n  skip_credentials_validation = true\n  skip_requesting_account_id = true\n  endpoints {\n    ec2 = \"http://moto:5555\"\n  }\n}\nresource \"aws_vpc\" \"x\" {}\n", "hashicorp/aws", false)]
    [InlineData("provider \"aws\" {\n  endpoints {\n    ec2 = \"http://moto:5555\"\n  }\n}\nresource \"aws_vpc\" \"x\" {}\n", "hashicorp/aws", true)]
    [InlineData("provider \"azurerm\" {\n  features {}\n}\nresource \"azurerm_resource_group\" \"x\" {}\n", "hashicorp/azurerm", true)]
    [InlineData("resource \"google_storage_bucket\" \"x\" {}\n", "hashicorp/google", true)]
    [InlineData("provider \"google\" {\n  storage_custom_endpoint = \"http://moto:5555/\"\n}\nresource \"google_storage_bucket\" \"x\" {}\n", "hashicorp/google", false)]
    [InlineData("provider \"google\" {\n  storage_custom_endpoint = \"http://moto:5555/\"\n}\nresource \"google_project\" \"x\" {}\n", "hashicorp/google", true)]
    [InlineData("provider \"kubernetes\" {\n  host = \"https://moto:5555\"\n}\nresource \"kubernetes_namespace\" \"x\" {}\n", "hashicorp/kubernetes", false)]
    [InlineData("resource \"kubernetes_namespace\" \"x\" {}\n", "hashicorp/kubernetes", true)]
    public void Whether_a_provider_leaves_egress_is_read_from_code(string code, string source, bool needs) =>
        Assert.Equal((source, needs), (Used(code).Source, Used(code).NeedsCredentials));

    [Fact]
    public void What_is_missing_is_named_by_its_service() =>
        Assert.Equal(["s3", "sqs"], Used("provider \"aws\" {\n  access_key = \"test\"\n  secret_key = \"test\"\n" + Moto + "}\nresource \"aws_s3_bucket\" \"x\" {}\nresource \"aws_sqs_queue\" \"x\" {}\nresource \"aws_vpc\" \"x\" {}\n").Missing);

    [Fact]
    public void Keys_of_its_own_are_seen() => Assert.True(Used("provider \"aws\" {\n  access_key = \"test\"\n  secret_key = \"test\"\n}\nresource \"aws_sqs_queue\" \"x\" {}\n").HasOwnKeys);

    [Fact]
    public void A_module_uses_what_its_caller_hands_it() => Assert.Equal(
        "west",
        Assert.Single(new Sample().With("main.tf", "provider \"aws\" {\n  alias = \"west\"\n" + Moto + "}\nmodule \"m\" {\n  source = \"./m\"\n  providers = { aws = aws.west }\n}\n").With("m/x.tf", "resource \"aws_vpc\" \"x\" {}\n")
            .Check().Providers, provider => !provider.NeedsCredentials).Alias);
}
