using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

using McpInfra.Guardrails.Injection;
using McpInfra.Guardrails.Redaction;

namespace McpInfra.Guardrails.Evaluation;

/// <summary>Runs exactly the shipped detectors over a corpus of JSON lines with `id` and `text`, so that anyone can check our claims.</summary>
public static class Evaluator
{
    private const int Batch = 2048;

    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Scores every text for injection: {"id","score","us"}, and for one that is flagged the spans that made it so: {"start","end","view","says","weight"}.</summary>
    public static Task<EvaluationSummary> InjectionAsync(InjectionFilter injection, string corpus, string predictions, TextWriter report, CancellationToken stop) =>
        RunAsync(corpus, predictions, report, text => injection.Score(text) is var score && score >= InjectionFilter.Threshold
            ? new Found(true, row => (row["score"], row["spans"]) = (Math.Round(score, 4), Spans(injection.Explain(text))))
            : new Found(false, row => row["score"] = Math.Round(score, 4)), stop);

    /// <summary>Finds the secrets of every text: {"id","spans":[{"start","end"}],"us"}, in UTF-16 units.</summary>
    public static Task<EvaluationSummary> SecretsAsync(string corpus, string predictions, TextWriter report, CancellationToken stop) =>
        RunAsync(corpus, predictions, report, text => SecretScanner.Find(text) is var spans
            ? new Found(spans.Count > 0, row => row["spans"] = new JsonArray([.. spans.Select(span => new JsonObject { ["start"] = span.Start, ["end"] = span.End })]))
            : throw new UnreachableException(), stop);

    private static JsonArray Spans(IReadOnlyList<InjectionSpan> spans) => [.. spans.Select(span => new JsonObject
    {
        ["start"] = span.Start, ["end"] = span.Start + span.Length, ["view"] = span.View, ["says"] = new JsonArray([.. span.Says.Select(word => JsonValue.Create(word))]), ["weight"] = span.Weight,
    })];

    private static async Task<EvaluationSummary> RunAsync(string corpus, string predictions, TextWriter report, Func<string, Found> detect, CancellationToken stop)
    {
        await using var file = File.OpenRead(corpus);
        await using Stream plain = corpus.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var lines = new StreamReader(plain, Encoding.UTF8);
        await using var output = new StreamWriter(predictions, append: false, new UTF8Encoding(false));
        var summary = new EvaluationSummary(0, 0, 0, 0, 0);
        var batch = new List<(int Number, string Text)>(Batch);
        var number = 0;
        while (true)
        {
            var line = await lines.ReadLineAsync(stop);
            number++;
            if (!string.IsNullOrWhiteSpace(line))
            {
                batch.Add((number, line));
            }

            if (batch.Count == Batch || (line is null && batch.Count > 0))
            {
                summary = await WriteAsync(batch, detect, output, report, summary, stop);
                batch.Clear();
            }

            if (line is null)
            {
                return summary;
            }
        }
    }

    private static async Task<EvaluationSummary> WriteAsync(
        List<(int Number, string Text)> batch, Func<string, Found> detect, StreamWriter output, TextWriter report, EvaluationSummary summary, CancellationToken stop)
    {
        var results = new Result[batch.Count];
        Parallel.For(0, batch.Count, new ParallelOptions { CancellationToken = stop }, index => results[index] = Detect(batch[index].Text, detect));
        for (var index = 0; index < results.Length; index++)
        {
            var result = results[index];
            if (result.Row is null)
            {
                await report.WriteLineAsync($"line {batch[index].Number}: skipped: {result.Fault}");
                summary = summary with { Skipped = summary.Skipped + 1 };
                continue;
            }

            await output.WriteLineAsync(result.Row.AsMemory(), stop);
            summary = new EvaluationSummary(summary.Texts + 1, summary.Skipped, summary.Flagged + (result.Flagged ? 1 : 0), summary.Characters + result.Length, summary.Microseconds + result.Microseconds);
        }

        return summary;
    }

    private static Result Detect(string line, Func<string, Found> detect)
    {
        string id;
        string text;
        try
        {
            using var row = JsonDocument.Parse(line);
            if (row.RootElement.ValueKind is not JsonValueKind.Object || !row.RootElement.TryGetProperty("id", out var name) || name.ValueKind is not JsonValueKind.String
                || !row.RootElement.TryGetProperty("text", out var held) || held.ValueKind is not JsonValueKind.String)
            {
                return new Result(null, "a JSON object with the strings id and text is wanted", false, 0, 0);
            }

            id = name.GetString()!;
            text = held.GetString()!;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return new Result(null, "it is not a line of JSON", false, 0, 0);
        }

        var started = Stopwatch.GetTimestamp();
        var found = detect(text);
        var microseconds = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
        var prediction = new JsonObject { ["id"] = id };
        found.Write(prediction);
        prediction["us"] = Math.Round(microseconds, 1);
        return new Result(prediction.ToJsonString(Compact), null, found.Flagged, text.Length, microseconds);
    }

    private sealed record Found(bool Flagged, Action<JsonObject> Write);

    private sealed record Result(string? Row, string? Fault, bool Flagged, long Length, double Microseconds);
}
