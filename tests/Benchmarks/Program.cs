using McpInfra.Benchmarks.Pipelines;

// dotnet run -c Release --project tests/Benchmarks -- MODE
switch (args)
{
    case ["pipeline"]:
        return await PipelineBenchmark.RunAsync(Console.Out);
    default:
        await Console.Error.WriteLineAsync("Modes: pipeline (what the guards add to a call, in process)");
        return 2;
}
