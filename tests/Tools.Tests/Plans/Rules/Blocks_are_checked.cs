using Xunit;

namespace McpInfra.Tools.Tests.Plans.Rules;

public sealed class Blocks_are_checked
{
    private static string Rule(string code, string path = "main.tf") => Sample.Of(code, path).Faults.Select(fault => fault.Rule).FirstOrDefault("");

    [Theory]
    [InlineData("resource \"null_resource\" \"x\" {\n  triggers = {}\n}\n")]
    [InlineData("resource aws_s3_bucket x {\n  dynamic \"lifecycle_rule\" {\n    for_each = []\n    content {}\n  }\n}\n")]
    [InlineData("data \"aws_caller_identity\" \"x\" {}\n")]
    [InlineData("ephemeral \"random_password\" \"x\" {\n  length = 12\n}\n")]
    [InlineData("moved {\n  from = a.b\n  to = a.c\n}\nremoved {\n  from = a.d\n  lifecycle {\n    destroy = false\n  }\n}\nimport {\n  to = random_id.x\n  id = \"y\"\n}\ncheck \"c\" {\n  assert {\n    condition = true\n    error_message = \"no\"\n  }\n}\n")]
    [InlineData("variable \"connection\" {\n  type = object({ provisioner = string })\n}\nlocals {\n  provisioner = 1\n}\n")]
    [InlineData("terraform {\n  required_version = \">= 1.0\"\n}\n")]
    public void Code_that_describes_passes(string code) => Assert.Equal("", Rule(code));

    [Theory]
    [InlineData("main.tf", "resource \"aws_security_group\" \"x\" {\n  dynamic \"ingress\" {\n    for_each = []\n    content {}\n  }\n}\n")]
    [InlineData("main.tf.json", "{\"resource\": {\"aws_security_group\": {\"x\": {\"dynamic\": {\"ingress\": {\"for_each\": [], \"content\": {}}}}}}}")]
    public void Blocks_that_are_written_dynamically_are_told(string path, string code) => Assert.Equal(["aws_security_group.x.ingress"], Sample.Of(code, path).DynamicBlocks);

    [Theory]
    [InlineData("resource \"null_resource\" \"x\" {\n  provisioner \"local-exec\" {\n    command = \"id\"\n  }\n}\n")]
    [InlineData("resource \"null_resource\" \"x\" {\n  provisioner local-exec { command = \"id\" }\n}\n")]
    [InlineData("resource \"null_resource\" \"x\" {\n  provisioner \"local-\\u0065xec\" {\n  }\n}\n")]
    [InlineData("resource \"null_resource\" \"x\" {\n  dynamic \"provisioner\" {\n    for_each = [1]\n    content {}\n  }\n}\n")]
    [InlineData("resource \"null_resource\" \"x\" {\n  connection {\n    host = \"h\"\n  }\n}\n")]
    [InlineData("removed {\n  from = a.b\n  provisioner \"local-exec\" {\n    when = destroy\n  }\n}\n")]
    [InlineData("resource \"null_resource\" \"x\" {\n  provisioner = [{}]\n}\n")]
    [InlineData("/* */ resource /* */ \"null_resource\" /* */ \"x\" { # {\n  // }\n  /* ignored */ provisioner \"local-exec\" {}\n}\n")]
    public void Provisioners_are_refused(string code) => Assert.Equal("provisioners and connections run programs", Rule(code));

    [Theory]
    [InlineData("{\"resource\": {\"null_resource\": {\"x\": {\"provisioner\": {\"local-exec\": {\"command\": \"id\"}}}}}}")]
    [InlineData("{\"resource\": [{\"null_resource\": [{\"x\": [{\"provisioner\": [{\"local-exec\": [{\"command\": \"id\"}]}]}]}]}]}")]
    [InlineData("{\"resource\": {\"null_resource\": {\"x\": {\"pro\\u0076isioner\": {\"local-exec\": {}}}}}}")]
    [InlineData("{\"resource\": {\"null_resource\": {\"x\": {}, \"x\": {\"provisioner\": {\"local-exec\": {}}}}}}")]
    [InlineData("{\"resource\": {\"null_resource\": {\"x\": {\"dynamic\": {\"provisioner\": {\"for_each\": [1], \"content\": {}}}}}}}")]
    [InlineData("{\"resource\": {\"null_resource\": {\"x\": {\"connection\": {\"host\": \"h\"}}}}}")]
    [InlineData("[{\"resource\": {\"null_resource\": {\"x\": {\"provisioner\": {\"local-exec\": {}}}}}}]")]
    public void Provisioners_in_Json_too(string code) => Assert.Equal("provisioners and connections run programs", Rule(code, "main.tf.json"));

    [Theory]
    [InlineData("external")]
    [InlineData("http")]
    [InlineData("local_file")]
    [InlineData("local_sensitive_file")]
    [InlineData("archive_file")]
    [InlineData("template_file")]
    [InlineData("aws_lambda_invocation")]
    [InlineData("tls_certificate")]
    [InlineData("dns_txt_record_set")]
    [InlineData("aws_ecr_authorization_token")]
    public void Data_sources_that_act_are_refused(string type)
    {
        Assert.StartsWith($"the data source {type} ", Rule($"data \"{type}\" \"x\" {{}}\n"), StringComparison.Ordinal);
        Assert.StartsWith($"the data source {type} ", Rule($"data {type} x {{}}\n"), StringComparison.Ordinal);
        Assert.StartsWith($"the data source {type} ", Rule($"check \"c\" {{\n  data \"{type}\" \"x\" {{}}\n}}\n"), StringComparison.Ordinal);
        Assert.StartsWith($"the data source {type} ", Rule("""{"data": {"TYPE": {"x": {}}}}""".Replace("TYPE", type, StringComparison.Ordinal), "main.tf.json"), StringComparison.Ordinal);
        Assert.StartsWith($"the data source {type} ", Rule("""{"check": {"c": {"data": {"TYPE": {"x": {}}}}}}""".Replace("TYPE", type, StringComparison.Ordinal), "main.tf.json"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ephemeral \"aws_secretsmanager_secret_version\" \"x\" {}\n", "ephemeral resources hand out secrets")]
    [InlineData("ephemeral \"vault_kv_secret_v2\" \"x\" {}\n", "ephemeral resources hand out secrets")]
    [InlineData("resource \"archive_file\" \"x\" {}\n", "the resource archive_file reads files of the machine")]
    [InlineData("resource \"helm_release\" \"x\" {\n  postrender {\n    binary_path = \"/bin/sh\"\n  }\n}\n", "a post-renderer is a program that runs while planning")]
    [InlineData("action \"aws_lambda_invoke\" \"x\" {}\n", "this kind of block is not known")]
    [InlineData("Resource \"null_resource\" \"x\" {}\n", "this kind of block is not known")]
    public void So_is_what_else_acts(string code, string rule) => Assert.Equal(rule, Rule(code));

    [Fact]
    public void A_module_within_a_module_is_checked() => Assert.Equal(
        ("m/n/x.tf", 2),
        new Sample().With("main.tf", "module \"m\" {\n  source = \"./m\"\n}\n").With("m/x.tf", "module \"n\" {\n  source = \"./n\"\n}\n").With("m/n/x.tf", "\ndata \"external\" \"x\" {}\n")
            .Check().Faults.Select(fault => (fault.File, fault.Line)).First());

    [Theory]
    [InlineData("override.tf")]
    [InlineData("x_override.tf")]
    public void An_override_file_is_checked(string name) => Assert.Equal(
        "provisioners and connections run programs", Rule("resource \"null_resource\" \"x\" {\n  provisioner \"local-exec\" {}\n}\n", name));
}
