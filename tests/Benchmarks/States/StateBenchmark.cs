using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using McpInfra.Guardrails.Redaction;
using McpInfra.Tools.Plans.State;

namespace McpInfra.Benchmarks.States;

/// <summary>What it takes to sanitise a state of nearly the largest size that is read.</summary>
internal static class StateBenchmark
{
    private const int Bytes = 195_000_000;
    private const int InstancesOfOne = 50;

    public static async Task<int> RunAsync(TextWriter output)
    {
        var bytes = Generate();
        var before = Process.GetCurrentProcess().WorkingSet64;
        var watch = Stopwatch.StartNew();
        var clean = StateSanitizer.Sanitize(StackState.Parse(bytes), new SecretTokens(new byte[32]));
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{bytes.Length / 1e6:F0} MB, {clean.Masked.Count} secrets: {watch.Elapsed.TotalSeconds:F1} s, {bytes.Length / 1e6 / watch.Elapsed.TotalSeconds:F1} MB/s; {before / 1e6:F0} MB resident with the state, {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:F0} MB at most"));
        return 0;
    }

    private static byte[] Generate()
    {
        using var kept = new MemoryStream(Bytes + (1 << 20));
        using var writer = new Utf8JsonWriter(kept);
        writer.WriteStartObject();
        writer.WriteNumber("version", 4);
        writer.WriteNumber("serial", 1);
        writer.WriteString("lineage", "l");
        writer.WriteStartArray("resources");
        for (var number = 0; kept.Length + writer.BytesPending < Bytes; number++)
        {
            JsonSerializer.Serialize(writer, new
            {
                mode = "managed",
                type = "aws_instance",
                name = $"r{number}",
                provider = "provider[\"registry.terraform.io/hashicorp/aws\"]",
                instances = Enumerable.Range(0, InstancesOfOne).Select(key => Instance(number, key)),
            });
            writer.Flush();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return kept.ToArray();
    }

    private static object Instance(int number, int key) => new
    {
        index_key = key,
        schema_version = 1,
        attributes = new
        {
            id = $"i-{number:x8}{key}",
            arn = $"arn:aws:ec2:us-east-1:123456789012:instance/i-{number:x8}{key}",
            tags = new { Team = "platform", Name = $"service-{number}", Env = "prod" },
            ingress = Enumerable.Repeat(new { from_port = 443, protocol = "tcp", cidr_blocks = new[] { "10.0.0.0/8", "10.1.0.0/16" }, description = $"from the internal network of team {number}" }, 6),
            password = key == 0 ? $"pw{number}x{key}Qz" : null,
            policy = $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],"Resource":"arn:aws:s3:::bucket-{{number}}/*"}]}""",
        },
        sensitive_attributes = Array.Empty<string>(),
        dependencies = new[] { "aws_vpc.a", "aws_subnet.b" },
    };
}
