using System.Text;
using McpInfra.Cedar;
using Fault = McpInfra.Guardrails.Manifests.Fault;

namespace McpInfra.Guardrails.Policies;

/// <summary>Reads a folder of policies: *.cedar, *.md, and *.test.yaml beside them, which decide nothing.</summary>
internal sealed class RulebookReader(string folder, List<Fault> faults)
{
    private const int MostPlain = 64 * 1024;
    private const int MostCedar = 1024 * 1024;
    private const int MostInAll = 4 * 1024 * 1024;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The policies; with a fault, the built-in ones.</summary>
    public Rulebook Read()
    {
        try
        {
            return Directory.Exists(folder) ? ReadFolder() : Failed("there is no such folder of policies");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Failed("the folder cannot be read");
        }
    }

    private Rulebook ReadFolder()
    {
        var before = faults.Count;
        var texts = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Where(file => !Path.GetFileName(file).StartsWith('.') && !file.EndsWith(RulebookFiles.Case, StringComparison.Ordinal))
            .Select(file => (Name: Path.GetRelativePath(folder, file).Replace('\\', '/'), Text: Text(file)))
            .Where(file => file.Text is not null).Select(file => (file.Name, Text: file.Text!)).ToList();
        if (texts.Sum(file => (long)file.Text.Length) > MostInAll)
        {
            faults.Add(new Fault(folder, 0, $"the policies are larger than {MostInAll} characters in all"));
        }

        if (faults.Count > before)
        {
            return Rulebook.BuiltIn;
        }

        var plain = texts.Where(file => file.Name.EndsWith(".md", StringComparison.Ordinal)).Select(file => PlainPolicyReader.Read(file.Name, file.Text, faults)).ToList();
        var cedar = Cedar([.. texts.Where(file => file.Name.EndsWith(".cedar", StringComparison.Ordinal)).Select(file => new SourceText(file.Name, file.Text))]);
        CheckPlain(plain, cedar);
        return faults.Count > before ? Rulebook.BuiltIn : new Rulebook(cedar, plain, texts) { Warnings = [.. cedar?.Warnings ?? [], .. Warned(plain)] };
    }

    private CedarRules? Cedar(IReadOnlyList<SourceText> texts)
    {
        if (texts.Count == 0)
        {
            return null;
        }

        var before = faults.Count;
        var rules = CedarRules.Read(texts, faults);
        foreach (var text in texts.Where(text => rules is not null && !rules.All.Any(rule => rule.File == text.Name)))
        {
            faults.Add(new Fault(text.Name, 1, "holds no policy; write one or remove the file, so that an emptied file is noticed"));
        }

        return faults.Count == before ? rules : null;
    }

    private void CheckPlain(List<PlainPolicy> plain, CedarRules? cedar)
    {
        foreach (var twice in plain.GroupBy(policy => policy.Id).Where(group => group.Count() > 1))
        {
            faults.Add(new Fault(twice.Last().File, 1, $"the policy id {twice.Key} is taken by {twice.First().File}"));
        }

        foreach (var (policy, rule) in plain.SelectMany(policy => policy.Rules.Select(rule => (policy, rule))))
        {
            if (cedar?.All.Any(known => known.Name == rule) != true)
            {
                faults.Add(new Fault(policy.File, 1, $"names the rule {rule} as enforcing it, and there is no such rule"));
            }
        }
    }

    private static List<Fault> Warned(List<PlainPolicy> plain) =>
        [.. plain.Where(policy => policy.Rules.Count == 0).Select(policy => new Fault(policy.File, 1, "nothing enforces this policy: agents are told it, and no rule of it is checked"))];

    private Rulebook Failed(string message)
    {
        faults.Add(new Fault(folder, 0, message));
        return Rulebook.BuiltIn;
    }

    private string? Text(string file)
    {
        var most = Path.GetExtension(file) switch { ".md" => MostPlain, ".cedar" => MostCedar, _ => 0 };
        if (most == 0)
        {
            faults.Add(new Fault(file, 0, $"a policy is a *.cedar or *.md file, a test of them *{RulebookFiles.Case}. Move other files away"));
            return null;
        }

        try
        {
            if (new FileInfo(file).Length > most)
            {
                faults.Add(new Fault(file, 0, $"a policy of this kind may have at most {most} bytes"));
                return null;
            }

            var bytes = File.ReadAllBytes(file).AsSpan();
            return Strict.GetString(bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes);
        }
        catch (DecoderFallbackException)
        {
            faults.Add(new Fault(file, 0, "a policy must be UTF-8 text"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            faults.Add(new Fault(file, 0, "the file cannot be read"));
        }

        return null;
    }
}
