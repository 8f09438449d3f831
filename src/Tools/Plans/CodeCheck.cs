using McpInfra.Guardrails;
using McpInfra.Tools.Plans.Cloud;
using McpInfra.Tools.Plans.Engines.Terraform.Modules;
using McpInfra.Tools.Plans.Engines.Terraform.Rules;

namespace McpInfra.Tools.Plans;

/// <summary>Checks all code of a plan before any of it runs; modules that it asks for are fetched once the rest has passed, and checked like the rest.</summary>
/// <param name="allowed">What code may use.</param>
/// <param name="modules">Fetches modules.</param>
internal sealed class CodeCheck(AllowedCode allowed, ModulePackages modules)
{
    private const int MostSource = 16 << 20;
    private const int MostRounds = 10;

    /// <summary>What was found, and what was fetched for it.</summary>
    /// <exception cref="PlanFault">The code may not run, or wants a credential that the stack has not.</exception>
    /// <exception cref="EngineException">A module cannot be had.</exception>
    public async Task<(RulesResult Rules, FetchedModules Fetched)> OfAsync(PlannedCode code, PlanRequest request, CancellationToken stop)
    {
        var given = new CodeUnderPlan(code.Files, code.Base, request.Stack.Path, file => request.Repository.ReadBlob(file.Blob, MostSource) ?? [])
        {
            Egress = [.. request.Stack.Egress ?? [], .. Clouds.Bound(request.Stack)],
            Allowed = allowed,
            Workspace = request.Stack.Workspace,
        };
        for (var round = 0; round < MostRounds; round++)
        {
            var rules = TerraformRules.Check(given);
            if (!rules.Passed)
            {
                throw PlanFault.Of($"The code may not be run, for {Count(rules.Faults.Count, "reason")}:", new Part(Trust.Tenant, string.Join('\n', rules.Faults), "places in the code"));
            }

            if (rules.Wanted.Count == 0)
            {
                WantCredentials(rules, request);
                return (rules, given.Fetched);
            }

            given = given with { Fetched = await modules.WithAsync(given.Fetched, rules.Wanted, request.Caller, stop) };
        }

        throw PlanFault.Of($"Modules that are fetched may fetch others, but not more than {MostRounds} times over. Flatten them.");
    }

    private static void WantCredentials(RulesResult rules, PlanRequest request)
    {
        var wanting = rules.Providers.Where(provider => provider.NeedsCredentials && !Clouds.Of(request.Stack).Any(credential => credential.Cloud == Clouds.OfProvider(provider.Source))).ToList();
        if (wanting.Count > 0)
        {
            throw PlanFault.Of(
                $"This stack's {string.Join(", ", wanting.Select(provider => provider.Source).Distinct())} would reach endpoints that are not in its `egress`, and has no credential for them. {Remedy(wanting)}",
                wanting.Any(provider => provider.Missing.Count > 0)
                    ? [new Part(Trust.Tenant, string.Join('\n', wanting.Select(provider => $"{provider.Source}{(provider.Alias is { } alias ? "." + alias : "")}: {string.Join(", ", provider.Missing)}")), "services whose endpoint is not in egress")]
                    : []);
        }
    }

    private static string Remedy(IReadOnlyList<ProviderInUse> wanting)
    {
        var clouds = wanting.Select(provider => Clouds.OfProvider(provider.Source)).OfType<Credentials.Cloud>().Distinct().Select(Words).ToList();
        var credentials = clouds.Count == 0 ? "" : $"Add to the stack in mcp-infra.yaml: `credentials: {{ plan: {{ {string.Join(", ", clouds)} }} }}` for the ambient chain of the server's account, or name a role or profile in it (the operating guide has every form); the plan itself gets dummies. ";
        return credentials + "If the endpoints need no credential of ours (an emulator, a private endpoint), set each as an endpoint of the provider in code and add its host:port to the stack's `egress` in mcp-infra.yaml.";
    }

    // These pins are not optional: a plan reads one subscription or one project.
    private static string Words(Credentials.Cloud cloud) => cloud switch
    {
        Credentials.Cloud.Azure => "azure: { subscription: ID, tenant: ID }",
        Credentials.Cloud.Google => "google: { project: ID }",
        _ => cloud.ToString().ToLowerInvariant() + ": {}",
    };

    private static string Count(int count, string what) => count == 1 ? $"one {what}" : $"{count} {what}s";
}
