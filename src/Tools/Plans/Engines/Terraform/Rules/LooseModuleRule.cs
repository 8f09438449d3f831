using McpInfra.Tools.Plans.Engines.Terraform.Modules;

namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>Says where code leaves open which code of a module is fetched, so that CI may fetch other code than was planned.</summary>
internal static class LooseModuleRule
{
    public static IEnumerable<RuleFault> Warn(StackCode code) =>
        from module in code.Modules
        from call in module.Calls
        where call.Fetched?.Loose is not null && !FetchedModules.Holds(call.File)
        select new RuleFault(call.File, call.Line, call.Fetched!.Loose!, $"pin it to what was planned: {call.Fetched.Pin}");
}
