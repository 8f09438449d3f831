namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>Text that must mean the same to every reader: the engine normalises Unicode before it uses a string, which may turn a foreign letter into a plain one.</summary>
internal static class Ascii
{
    public static bool IsPlain(string text) => text.All(letter => letter is >= ' ' and <= '~');
}
