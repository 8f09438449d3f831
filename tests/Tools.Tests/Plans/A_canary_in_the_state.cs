using System.Net;
using McpInfra.TestKit;
using McpInfra.Tools.Git;
using McpInfra.Tools.Plans;
using Xunit;

namespace McpInfra.Tools.Tests.Plans;

/// <summary>A secret that only the real AWS provider's schema marks, in a state, with code that prints what it can of it.</summary>
public sealed class A_canary_in_the_state
{
    // No word of a password in its name, no form of one in its value.
    private const string Canary = "plainwords";

    [Fact]
    public async Task Never_reaches_the_cage_nor_an_answer()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var moto = await Moto.StartAsync(stop);
        using var folder = new ScratchFolder();
        var endpoint = $"awsmoto:{moto.Endpoint.Port}";
        var code = The_cage_under_terraform.Aws($"http://{endpoint}", """
            resource "aws_ssm_parameter" "p" {
              name  = "/p"
              type  = "String"
              value = "x"
              lifecycle { ignore_changes = all }
            }
            output "said" { value = strrev(coalesce(aws_ssm_parameter.p.description, "none")) }
            """).Replace("sqs = ", $"ssm = \"http://{endpoint}\"\n    sqs = ", StringComparison.Ordinal);
        var state = $$$"""
            {"version":4,"terraform_version":"1.5.0","serial":1,"lineage":"11111111-2222-3333-4444-555555555555","outputs":{},"resources":[
              {"mode":"managed","type":"aws_ssm_parameter","name":"p","provider":"provider[\"registry.terraform.io/hashicorp/aws\"]","instances":[{"schema_version":0,
                "attributes":{"id":"/p","name":"/p","type":"String","value":"{{{Canary}}}","description":"holds {{{Canary}}}","arn":"arn:aws:ssm:us-east-1:123456789012:parameter/p"},"sensitive_attributes":[]}]}]}
            """;
        using var site = await Site.OpenAsync(
            new StackSettings(".", Environment: "prod", Egress: [endpoint]), new EngineSettings(CliConfig: folder.Mirror()),
            ("main.tf", code), ("terraform.tfstate", state));
        site.Names["awsmoto"] = [IPAddress.Loopback];

        var answer = await site.PlanAsync();

        var said = answer.Text() + answer.Structured;
        Assert.Contains("2 secret values replaced by tokens", said, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, said, StringComparison.Ordinal);
        Assert.DoesNotContain(new string([.. Canary.Reverse()]), said, StringComparison.Ordinal);
    }
}
