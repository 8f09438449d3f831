namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>
/// Reads all code of a stack before any of it runs, and says why it must not run. The one entry point of these rules.
/// The sandbox holds without them; they refuse earlier, with file and line.
/// </summary>
public static class TerraformRules
{
    /// <summary>Faults, and warnings, that one result names.</summary>
    public const int MostFaults = 50;

    private static readonly Func<StackCode, StackCode, IEnumerable<RuleFault>>[] Rules =
    [
        (code, _) => code.Unreadable,
        (code, _) => TreeRule.Check(code),
        EditRule.Check,
        SettingsRule.Check,
        (code, _) => BlockRule.Check(code),
        (code, _) => RemoteStateRule.Check(code),
        (code, _) => ProviderSourceRule.Check(code),
        (code, _) => ProviderArgumentRule.Check(code),
        (code, _) => EndpointRule.Check(code),
        FunctionRule.Check,
    ];

    private static readonly Func<StackCode, StackCode, IEnumerable<RuleFault>>[] Notices =
    [
        (code, _) => PlaceRule.Warn(code),
        (code, _) => LooseModuleRule.Warn(code),
        (code, _) => TreeRule.Warn(code),
        EditRule.Warn,
    ];

    /// <summary>Checks the edited code as a whole, and the edits against the base.</summary>
    public static RulesResult Check(CodeUnderPlan code)
    {
        var before = StackCode.Read(code, code.Base);
        var after = StackCode.Read(code, code.Files);
        var faults = Rules.SelectMany(rule => rule(after, before)).Distinct().Take(MostFaults).ToList();
        return new(faults, [.. Notices.SelectMany(notice => notice(after, before)).Distinct().Take(MostFaults)], ProvidersInUse.Of(after), [.. after.Modules.Select(module => module.Folder)])
        {
            Required = RequiredProviders.Of(after),
            DynamicBlocks = DynamicBlocks.Of(after),
            RemoteStates = RemoteStateRule.Of(after),
            Modules = ModuleManifest.Of(after),
            Wanted = [.. after.Wanted],
        };
    }
}
