using System.CommandLine;
using System.Globalization;
using McpInfra.Guardrails.Audit;
using McpInfra.Guardrails.Spotlight;

namespace McpInfra.Host.Commands;

/// <summary>`audit show|verify|export`: works on a frozen, read-only or copied state folder, and writes nothing.</summary>
internal static class AuditCommands
{
    public static Command Create() => new("audit", "The trail of every call") { Show(), Verify(), Export() };

    private static Command Show()
    {
        var last = new Option<int>("--last") { Description = "How many of the newest records", DefaultValueFactory = _ => 20, HelpName = "N" };
        var call = new Option<string?>("--call") { Description = "Only this audit id", HelpName = "ID" };
        var operation = new Option<string?>("--operation") { Description = "Only this operation", HelpName = "NAME" };
        var person = new Option<string?>("--person") { Description = "Only this person", HelpName = "NAME" };
        var outcome = new Option<string?>("--outcome") { Description = "Only this outcome: answered, fault, denied, failed, cancelled, interrupted", HelpName = "OUTCOME" };
        var config = Options.Config();
        var json = Options.Json();
        var command = new Command("show", "The newest records") { last, call, operation, person, outcome, config, json };
        command.SetAction(result =>
        {
            var filter = new AuditFilter(result.GetValue(call), result.GetValue(operation), result.GetValue(person), result.GetValue(outcome));
            foreach (var record in AuditReader.Last(Options.Load(result.GetValue(config)).StateFolder, Math.Max(1, result.GetValue(last)), filter))
            {
                Terminal.Say(result.GetValue(json) ? record.Line : Printable.Line(Line(record)));
            }

            return ExitCode.Yes;
        });
        return command;
    }

    private static Command Verify()
    {
        var folder = Options.Folder("A state folder, or a copy of its audit folder; else this configuration's");
        var key = new Option<string?>("--key") { Description = "The public key to verify with; else the one beside the trail", HelpName = "FILE" };
        var strict = new Option<bool>("--strict") { Description = "Records after the last signed head count as a fault" };
        var config = Options.Config();
        var command = new Command("verify", "Whether the trail is as it was written") { folder, key, strict, config };
        command.SetAction((result, stop) => Task.FromResult(Verify(result.GetValue(folder) ?? Options.Load(result.GetValue(config)).StateFolder, result.GetValue(key), result.GetValue(strict), stop)));
        return command;
    }

    private static int Verify(string folder, string? key, bool strict, CancellationToken stop)
    {
        var report = AuditVerifier.Verify(folder, key, strict, stop);
        foreach (var fault in report.Faults)
        {
            Terminal.Say("FAULT " + fault.Message);
        }

        foreach (var open in report.Open)
        {
            Terminal.Say($"begun, never ended: {open.Call} {open.Operation} at {Time(open.Time)} ({open.Writer} record {open.Seq})");
        }

        Terminal.Say($"{(report.IsSound ? "The trail is as it was written" : "The trail does NOT verify")}: {report.Writers} writers, {report.Attested} records attested, {report.Unattested} unattested.");
        foreach (var note in report.Notes)
        {
            Terminal.Say(note);
        }

        return report.IsSound ? ExitCode.Yes : ExitCode.No;
    }

    private static Command Export()
    {
        var config = Options.Config();
        var command = new Command("export", "Every record as JSON lines, in the order of time") { config };
        command.SetAction(result =>
        {
            using var output = new StreamWriter(Console.OpenStandardOutput());
            foreach (var record in AuditReader.Read(Options.Load(result.GetValue(config)).StateFolder))
            {
                output.WriteLine(record.Line);
            }

            return ExitCode.Yes;
        });
        return command;
    }

    private static string Line(AuditRecord record) =>
        $"{Time(record.Time)} {record.Kind,-5} {record.Operation,-18} {record.Agent ?? "-",-10} {record.Outcome ?? "",-11} {(record.Guard is { Length: > 0 } guard ? $"{guard}: {record.Rule}  " : "")}{record.Call}";

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
