using System.Text;
using McpInfra.Tools.Git;
using Xunit;

namespace McpInfra.Tools.Tests.Plans.Rules;

public sealed class Bad_input
{
    private const string Plain = "resource \"terraform_data\" \"a\" {}\n";

    [Fact]
    public void A_file_of_50_MB_is_refused_by_its_size()
    {
        var result = new Sample().With("main.tf", Plain).With("large.tf", new byte[50 << 20]).Check();
        var fault = Assert.Single(result.Faults);
        Assert.Equal("large.tf", fault.File);
        Assert.Contains("expected at most 4 MiB", fault.Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_thousand_files_are_read()
    {
        var sample = new Sample();
        for (var number = 0; number < 10_000; number++)
        {
            sample.With($"f{number}.tf", $"resource \"terraform_data\" \"r{number}\" {{\n  input = {number}\n}}\n");
        }

        Assert.True(sample.Check().Passed);
        Assert.Single(sample.With("last.tf", "locals {\n  x = file(\"/etc/passwd\")\n}\n").Check().Faults);
    }

    [Fact]
    public void More_code_than_is_read_at_once_is_refused()
    {
        var sample = new Sample().With("main.tf", Plain);
        for (var number = 0; number < 6; number++)
        {
            sample.With($"f{number}.tf", Encoding.UTF8.GetBytes("# " + new string('x', 3 << 20) + number));
        }

        Assert.Contains(sample.Check().Faults, fault => fault.Rule.Contains("MiB of code in all", StringComparison.Ordinal));
    }

    [Fact]
    public void Carriage_returns_and_a_byte_order_mark_change_nothing()
    {
        var windows = "\uFEFF" + (Plain + "locals {\n  x = file(\"/etc/passwd\")\n}\n").Replace("\n", "\r\n", StringComparison.Ordinal);
        Assert.Equal(3, Assert.Single(new Sample().With("main.tf", windows).Check().Faults).Line);
        Assert.True(new Sample().With("main.tf", "\uFEFF" + Plain.Replace("\n", "\r\n", StringComparison.Ordinal)).Check().Passed);
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_named_with_their_line() =>
        Assert.Equal(("main.tf", 2), (Assert.Single(new Sample().With("main.tf", [.. "# a\n# "u8, 0xFF, .. "\n"u8]).Check().Faults) is var fault ? (fault.File, fault.Line) : default));

    [Fact]
    public void A_folder_with_an_engine_files_name_is_a_folder()
    {
        Assert.True(new Sample().With("main.tf", Plain).With("more.tf/data.tf", "((").Check().Passed);
        Assert.False(new Sample().With("main.tf/main.tf", Plain).Check().Passed);
    }

    [Fact]
    public void A_name_that_is_not_UTF8_reaches_no_rule_as_another_file()
    {
        var result = new Sample().With("main.tf", Plain).With("b\uFFFD.tf", "locals {\n  x = file(\"/etc/passwd\")\n}\n").With("c\uFFFD.tf", "", TreeFileKind.Link).Check();
        Assert.Equal(2, result.Faults.Count);
    }
}
