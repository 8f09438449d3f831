using Xunit;

namespace McpInfra.Cedar.Tests.Corpus;

public sealed class The_language_s_own_tests
{
    /// <summary>Archives that are here: ours always, the language's where the machine has it, and the one that the environment names.</summary>
    public static TheoryData<string> Archives()
    {
        var archives = new TheoryData<string> { Path.Combine(TestKit.Repository.Root, "tests", "Cedar.Tests", "Corpus", "Own") };
        for (var at = new DirectoryInfo(TestKit.Repository.Root); at is not null; at = at.Parent)
        {
            if (Path.Combine(at.FullName, "shared", "cedar", "cedar-corpus.tar.gz") is var found && File.Exists(found))
            {
                archives.Add(found);
                break;
            }
        }

        if (Environment.GetEnvironmentVariable("CEDAR_CORPUS") is { Length: > 0 } named)
        {
            archives.Add(named);
        }

        return archives;
    }

    [Theory]
    [MemberData(nameof(Archives))]
    public void Pass_in_every_decision_reason_error_and_validation(string path)
    {
        var archive = CorpusArchive.Read(path);
        var (cases, wrong) = (0, new List<string>());
        foreach (var (name, test) in archive.Cases)
        {
            cases++;
            try
            {
                wrong.AddRange(CorpusCheck.Differences(archive, name, test).Select(difference => $"{name}: {difference}"));
            }
            catch (CedarException refused)
            {
                wrong.Add($"{name}: {refused.Message}");
            }
        }

        Assert.True(cases > 0, $"{path} holds no tests");
        Assert.True(wrong.Count == 0, $"{wrong.Count} differences in {cases} tests of {path}:{Environment.NewLine}{string.Join(Environment.NewLine, wrong.Take(40))}");
    }
}
