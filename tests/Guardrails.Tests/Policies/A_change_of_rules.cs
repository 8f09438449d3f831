using McpInfra.Guardrails.Policies;
using Xunit;

namespace McpInfra.Guardrails.Tests.Policies;

public sealed class A_change_of_rules
{
    private const string Forbid = """@id("f") forbid (principal, action, resource in Environment::"prod");""";
    private const string Permit = """@id("p") permit (principal, action in Action::"observe", resource);""";

    private static Rulebook Of(string text)
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder.In("a.cedar"), text);
        return Rulebook.Read(folder.Path, []);
    }

    [Theory]
    [InlineData(Forbid + Permit, Permit, true)]
    [InlineData(Forbid, "@severity(\"warn\")" + Forbid, true)]
    [InlineData("@severity(\"escalate\") @people(\"2\")" + Forbid, "@severity(\"escalate\")" + Forbid, true)]
    [InlineData(Permit, Permit + """permit (principal, action in Action::"draft", resource);""", true)]
    [InlineData(Permit, Forbid, true)]
    [InlineData(Permit, Permit + Forbid, false)]
    [InlineData("@severity(\"warn\")" + Forbid, Forbid, false)]
    [InlineData(Forbid, """@id("other") forbid (principal, action, resource in Environment::"prod");""", false)]
    public void Is_named_when_it_widens(string before, string after, bool widens) => Assert.Equal(widens, Widening.Of(Of(before), Of(after)).Count > 0);
}
