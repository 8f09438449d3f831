using System.CommandLine;
using McpInfra.Guardrails.Evaluation;
using McpInfra.Guardrails.Injection;

namespace McpInfra.Host.Commands;

/// <summary>`evaluate injection|secrets FILE.jsonl --out PRED.jsonl`: the shipped detectors at the shipped threshold.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var what = new Argument<string>("detector") { Description = "The detector" };
        what.AcceptOnlyFromAmong("injection", "secrets");
        var file = new Argument<string>("file") { Description = "One JSON object a line, with id and text" };
        var output = new Option<string>("--out") { Description = "Where predictions go, one JSON object a line", Required = true, HelpName = "PRED.jsonl" };
        var command = new Command("evaluate", "Run the shipped detectors over a corpus of your own") { what, file, output };
        command.SetAction(async (result, stop) =>
        {
            var (corpus, predictions) = (result.GetRequiredValue(file), result.GetRequiredValue(output));
            var summary = result.GetRequiredValue(what) == "injection"
                ? await Evaluator.InjectionAsync(InjectionFilter.Shipped, corpus, predictions, Console.Error, stop)
                : await Evaluator.SecretsAsync(corpus, predictions, Console.Error, stop);
            Terminal.Say(summary.ToString());
            return ExitCode.Yes;
        });
        return command;
    }
}
