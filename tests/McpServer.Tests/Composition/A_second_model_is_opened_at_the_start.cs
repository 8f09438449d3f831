using McpInfra.Host.Tests.Commands;
using Xunit;

namespace McpInfra.Host.Tests.Composition;

public sealed class A_second_model_is_opened_at_the_start : IDisposable
{
    private readonly CommandRun run = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public async Task And_files_that_are_not_there_are_faults_of_the_configuration()
    {
        run.Write("m.onnx", "");
        var config = run.Write("mcp-infra.yaml", "organization: acme\ndetection:\n  onnx: { model: ./m.onnx, tokenizer: ./none.txt, threshold: 100 }\n");
        var refused = await run.RunAsync("serve", "--config", config);
        Assert.Equal(2, refused.ExitCode);
        Assert.DoesNotContain("onnx.model", refused.StandardError, StringComparison.Ordinal);
        Assert.All(["detection.onnx.tokenizer names no file", "detection.onnx.runtime is missing", "detection.onnx.threshold"], fault => Assert.Contains(fault, refused.StandardError, StringComparison.Ordinal));
    }

    [Fact]
    public async Task And_a_library_that_is_none_keeps_the_server_from_starting()
    {
        run.Write("vocab.txt", "[CLS]\n");
        run.Write("m.onnx", "cut");
        run.Write("libonnxruntime.so", "no library");
        var config = run.Write("mcp-infra.yaml", "organization: acme\ndetection:\n  onnx: { model: ./m.onnx, tokenizer: ./vocab.txt, runtime: ./libonnxruntime.so }\n");
        var refused = await run.RunAsync("serve", "--config", config);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("names no library that this machine can load", refused.StandardError, StringComparison.Ordinal);
    }
}
