using McpInfra.Graph.Queries;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Graph.Tests.State;

public sealed class The_sample_estate : IAsyncLifetime
{
    private readonly GraphFixture fixture = new();

    public async ValueTask InitializeAsync()
    {
        var estate = Path.Combine(Repository.Root, "samples", "estate");
        await fixture.ScanStateAsync(await File.ReadAllTextAsync(Path.Combine(estate, "infra/prod/terraform.tfstate")), code: GivenCode.Folder(estate));
    }

    public ValueTask DisposeAsync()
    {
        fixture.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void Is_found_by_a_part_of_a_name()
    {
        var found = Assert.Single(fixture.Graph.Search(new SearchQuery { Text = "Customer-Rec" }).Resources);
        Assert.Equal(
            ("terraform:terraform_data:state:module.records.terraform_data.bucket", "acme-customer-records", "terraform_data", "prod", "team-payments", true, "modules/bucket/main.tf"),
            (found.Id, found.Name, found.Type, found.Environment, found.Owner, found.IsManaged, found.File));
    }

    [Fact]
    public void Shows_whom_a_bucket_would_break()
    {
        var bucket = fixture.Graph.Resolve("acme-customer-records").Found!;
        var trace = fixture.Graph.Trace(bucket, TraceDirection.Impact, 3);
        Assert.Equal(["nightly-export", "statement-writer", "export-invoices", "export-refunds"], trace.Steps.Select(step => step.Resource.Name));
    }

    [Fact]
    public void Has_instances_by_key()
    {
        var queue = fixture.Graph.Resolve("terraform_data.export_queue[\"invoices\"]").Found!;
        Assert.Equal(("export-invoices", "infra/prod/services.tf", 20), (queue.Name, queue.File, queue.Line));
        Assert.Equal(2, fixture.Graph.Resolve("terraform_data.export_queue").Candidates.Count);
    }

    [Fact]
    public void Relates_what_is_encrypted_to_its_key()
    {
        var logs = fixture.Graph.Resolve("acme-access-logs").Found!;
        var relation = Assert.Single(fixture.Graph.Describe(logs)!.Relations, relation => relation.Forward);
        Assert.Equal((RelationType.EncryptedBy, "records-key"), (relation.Type, relation.Other.Name));
    }
}
