// Trains the injection model: dotnet run -c Release --project tests/InjectionTraining -- CORPUS.jsonl.gz OWN.tsv GRAMMAR VOICES MODEL.bin [HELD_BACK_PREDICTIONS.jsonl]
// Five times a fifth of the groups (sources, and techniques of made texts) is held back and scored by a model that never saw the group; that chooses the thresholds. Then all is learnt.
using System.Text.Json;
using McpInfra.Guardrails.Injection;
using McpInfra.InjectionTraining;

const int Folds = 5;
const double WantedFalsePositives = 0.0025;
const double WantedFalsePositivesOfVoices = 0.02;

if (args.Length is < 5 or > 6)
{
    await Console.Error.WriteLineAsync("CORPUS.jsonl.gz OWN.tsv GRAMMAR VOICES MODEL.bin [HELD_BACK_PREDICTIONS.jsonl]");
    return 2;
}

var samples = Sample.Read(args[0], args[1], args[2], args[3]).ToArray();
var groups = samples.Select(sample => sample.Group).Distinct().ToDictionary(group => group, group => (int)(Hashes.Of(group) % Folds));
var windows = new double[samples.Length][];
Parallel.For(0, Folds, new ParallelOptions { MaxDegreeOfParallelism = 2 }, fold =>
{
    var model = Trainer.Train([.. samples.Where(sample => groups[sample.Group] != fold)]);
    InjectionFilter[] filters = [.. Scorer.Lengths.Select((_, length) => new InjectionFilter(Only(model, length)))];
    for (var index = 0; index < samples.Length; index++)
    {
        if (groups[samples[index].Group] == fold)
        {
            windows[index] = [.. filters.Select(filter => Logit(filter.Score(samples[index].Text)))];
        }
    }
});

// The corpus has whole documents; voices have the short texts in the words of orders. Templates, which are made to be hard, choose nothing.
var chosen = samples.Select((sample, index) => (sample, window: windows[index])).Where(pair => !pair.sample.MadeHard && pair.sample.Technique != "benign_quoted_attack").ToArray();
var harmless = chosen.Where(pair => pair.sample.Tier == "benign").Select(pair => pair.window).ToArray();
var orders = chosen.Where(pair => pair.sample.Tier is "T1_overt" or "T2_subtle").Select(pair => pair.window).ToArray();
var voices = samples.Select((sample, index) => (sample, window: windows[index])).Where(pair => pair.sample.Line.Length > 0).ToLookup(pair => pair.sample.Attack, pair => pair.window);
var shifts = Threshold.Choose([(harmless, WantedFalsePositives), ([.. voices[false]], WantedFalsePositivesOfVoices)], [orders, [.. voices[true]]]);
var steepness = Threshold.Steepness([.. harmless.Select(window => Threshold.Above(window, shifts))], [.. orders.Select(window => Threshold.Above(window, shifts))]);
var scores = windows.Select(window => steepness * Threshold.Above(window, shifts)).ToArray();
Console.WriteLine($"{samples.Length} texts in {groups.Count} groups, {Folds} folds; held back, at {WantedFalsePositives:P2} false positives, {WantedFalsePositivesOfVoices:P2} of voices (shifts {string.Join(", ", shifts.Select(shift => shift.ToString("F2", System.Globalization.CultureInfo.InvariantCulture)))}, steepness {steepness}):");
foreach (var tier in samples.Select((sample, index) => (sample, flagged: scores[index] > 0)).GroupBy(pair => pair.sample.Tier).OrderBy(tier => tier.Key, StringComparer.Ordinal))
{
    Console.WriteLine($"  {tier.Key,-16} {tier.Count(pair => pair.flagged),5} of {tier.Count(),5} flagged, {tier.Average(pair => pair.flagged ? 1.0 : 0):P1}");
}

foreach (var kind in samples.Select((sample, index) => (sample, flagged: scores[index] > 0)).Where(pair => pair.sample.MadeHard).GroupBy(pair => (pair.sample.Attack ? "orders   " : "harmless ") + pair.sample.Group).OrderBy(kind => kind.Key, StringComparer.Ordinal))
{
    Console.WriteLine($"  {kind.Key,-36} {kind.Count(pair => pair.flagged),5} of {kind.Count(),5} flagged, {kind.Average(pair => pair.flagged ? 1.0 : 0):P1}");
}

if (args.Length == 6)
{
    await File.WriteAllLinesAsync(args[5], samples.Select((sample, index) => JsonSerializer.Serialize(new { id = sample.Id, score = 1 / (1 + Math.Exp(-scores[index])) })));
}

var whole = Trainer.Train(samples);
await using var file = File.Create(args[4]);
whole.Moved([.. shifts.Select(shift => (float)-shift)]).Steeper((float)steepness).Write(file);
return 0;

// A model that looks at windows of one length only.
static Model Only(Model model, int length) => model.Moved([.. Scorer.Lengths.Select((_, other) => other == length ? 0 : -1000f)]);

static double Logit(double score) => Math.Log(Math.Max(score, 1e-12) / Math.Max(1 - score, 1e-12));
