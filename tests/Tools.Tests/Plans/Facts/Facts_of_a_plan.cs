using McpInfra.Guardrails;
using McpInfra.Tools.Plans.Facts;
using Xunit;

namespace McpInfra.Tools.Tests.Plans.Facts;

public sealed class Facts_of_a_plan
{
    [Fact]
    public void Count_what_is_made_changed_replaced_and_destroyed()
    {
        var facts = Planned.Of(string.Join(',',
            Planned.Change("aws_vpc", "\"create\"", "null", "{}", "{}", "a"),
            Planned.Change("aws_vpc", "\"update\"", "{}", "{}", "{}", "b"),
            Planned.Change("aws_db_instance", "\"delete\",\"create\"", "{}", "{}", "{}", "c"),
            Planned.Change("aws_s3_bucket", "\"create\",\"delete\"", "{}", "{}", "{}", "d"),
            Planned.Change("aws_kms_key", "\"delete\"", "{}", "null", "{}", "e"),
            Planned.Change("aws_vpc", "\"delete\"", "{}", "null", "{}", "f"),
            Planned.Change("aws_vpc", "\"no-op\"", "{}", "{}", "{}", "g"),
            Planned.Change("aws_vpc", "\"forget\"", "{}", "null", "{}", "h")));
        Assert.Equal((1L, 1L, 2L, 2L, 1L), (facts.Creates, facts.Updates, facts.Replaces, facts.Deletes, facts.Forgets));
        Assert.Equal((1L, 2L), (facts.StatefulDeletes, facts.StatefulReplaces));
        Assert.Equal(["aws_db_instance", "aws_kms_key", "aws_s3_bucket", "aws_vpc"], facts.Types);
    }

    [Fact]
    public void Leave_out_data_sources() =>
        Assert.Empty(Planned.Of("""{"address":"data.aws_vpc.x","mode":"data","type":"aws_vpc","change":{"actions":["delete"],"before":{},"after":null}}""").Types);

    [Fact]
    public void Know_the_tags_that_every_taggable_resource_bears()
    {
        var facts = Planned.Of(string.Join(',',
            Planned.Change("aws_vpc", "\"create\"", "null", """{"tags":{"owner":"a","team":"x"},"tags_all":{"owner":"a","team":"x","env":"prod"}}""", "{}", "a"),
            Planned.Change("aws_subnet", "\"create\"", "null", """{"tags":{"owner":"b"}}""", """{"tags_all":true}""", "b"),
            Planned.Change("aws_route", "\"create\"", "null", "{}", "{}", "c"),
            Planned.Change("google_storage_bucket", "\"create\"", "null", """{"labels":{"owner":"c"},"effective_labels":{"owner":"c","goog-terraform-provisioned":"true"}}""", "{}", "d"),
            Planned.Change("kubernetes_namespace", "\"create\"", "null", """{"metadata":[{"name":"x","labels":{"owner":"d","app":"y"}}]}""", "{}", "e"),
            Planned.Change("azurerm_resource_group", "\"create\"", "null", """{"tags":{"owner":"e","cost":"1"}}""", "{}", "f")));
        Assert.Equal(5, facts.Taggable);
        Assert.Equal(["owner"], facts.TagsOnEvery);
        Assert.Empty(Planned.Create("aws_vpc", """{"tags":null}""").TagsOnEvery);
    }

    /// <summary>The tables, so that each is a test of its own.</summary>
    public static TheoryData<string> Providers { get; } = ["aws_", "azure", "google_", "kubernetes_", "oci_"];

    [Theory]
    [MemberData(nameof(Providers))]
    public void Follow_every_row_of_every_table(string provider)
    {
        var rows = FactTable.Shipped.Rows.Where(row => row.Type.StartsWith(provider, StringComparison.Ordinal) && row.Kind is not FactKind.Stateful).ToList();
        Assert.True(rows.Count > 20);
        Assert.All(rows, row =>
        {
            var (type, passing, failing) = (row.Type.Replace("*", "any", StringComparison.Ordinal), RowSample.Of(row, passes: true), RowSample.Of(row, passes: false));
            Assert.True(Of(row, Planned.Update(type, row.Loses ? passing : failing, row.Loses ? failing : passing)) == 1, $"{row.Kind} {type} {string.Join('.', row.Path)} is not counted");
            Assert.True(Of(row, Planned.Update(type, passing, passing)) == 0, $"{row.Kind} {type} {string.Join('.', row.Path)} is counted though nothing changes");
            Assert.True(Of(row, Planned.Delete(type, passing)) == (row.OnDelete ? 1 : 0) || (!row.OnDelete && FactTable.Shipped.Of(type).Any(other => other.Kind == row.Kind && other.OnDelete)));
        });
    }

    private static long Of(FactRow row, PlanFacts facts) => row.Kind switch { FactKind.Public => facts.PublicExposure, FactKind.Grant => facts.PermissionsWidened, _ => facts.EncryptionRemoved };

    [Fact]
    public void Tell_a_small_bill_from_a_large_one()
    {
        Assert.Equal(70.08m, Planned.Create("aws_instance", """{"instance_type":"m5.large"}""").CostDelta);
        Assert.Equal(-32.85m, Planned.Delete("aws_nat_gateway", "{}").CostDelta);
        Assert.Equal(8893.16m, Planned.Update("aws_instance", """{"instance_type":"t3.small"}""", """{"instance_type":"p3.8xlarge"}""").CostDelta + -26.86m);
        Assert.Equal(8m, Planned.Create("aws_ebs_volume", """{"type":"gp3","size":100}""").CostDelta);
        var unknown = Planned.Create("aws_instance", """{"instance_type":"u-24tb1.metal"}""");
        Assert.Equal(((decimal?)null, 1L), (unknown.CostDelta, unknown.CostUnknown));
    }

    [Fact]
    public void Count_what_a_dynamic_block_may_open_though_the_plan_does_not_tell_that_code_writes_it()
    {
        const string unknown = "{\"ingress\":true}";
        Assert.Equal(0, Planned.Create("aws_security_group", "{}", unknown, written: false).PublicExposure);
        Assert.Equal(1, Planned.Create("aws_security_group", "{}", unknown, written: false, dynamicBlocks: "aws_security_group.x.ingress").PublicExposure);
        Assert.Equal(1, Planned.Create("aws_security_group", "{\"ingress\":[{\"from_port\":22}]}", "{\"ingress\":[{\"cidr_blocks\":true}]}", written: false, dynamicBlocks: "aws_security_group.x.ingress").PublicExposure);
        Assert.Equal(0, Planned.Create("aws_security_group", "{}", unknown, written: false, dynamicBlocks: "aws_security_group.other.ingress").PublicExposure);
    }

    [Fact]
    public void Rest_on_tables_that_name_each_type_by_its_own_provider()
    {
        foreach (var (type, kind) in new[] { ("aws_s3_bucket", FactKind.Stateful), ("azurerm_key_vault", FactKind.Stateful), ("google_sql_database_instance", FactKind.Stateful), ("kubernetes_persistent_volume_claim_v1", FactKind.Stateful), ("oci_objectstorage_bucket", FactKind.Stateful) })
        {
            Assert.Contains(FactTable.Shipped.Of(type), row => row.Kind == kind);
        }

        Assert.Empty(FactTable.Shipped.Of("aws_vpc"));
    }
}
