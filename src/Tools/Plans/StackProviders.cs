using McpInfra.Graph.Hcl;
using McpInfra.Guardrails;
using McpInfra.Tools.Plans.Engines.Terraform;
using McpInfra.Tools.Plans.Engines.Terraform.Providers;
using McpInfra.Tools.Plans.Engines.Terraform.Rules;
using McpInfra.Tools.Plans.State;
using McpInfra.Tools.Sandbox;

namespace McpInfra.Tools.Plans;

/// <summary>The verified providers of a stack: those of its checked code and of its state, in the versions of its lock file.</summary>
/// <param name="packages">Finds and checks them.</param>
/// <param name="allowed">Sources that the operator allows besides the usual ones.</param>
/// <param name="kind">Where they run.</param>
internal sealed class StackProviders(ProviderPackages packages, IReadOnlyList<string> allowed, SandboxKind kind)
{
    private const int MostLock = 1 << 20;

    /// <exception cref="EngineException">One cannot be had, or is not what the lock file says.</exception>
    /// <exception cref="PlanFault">The state names one that may not run.</exception>
    public Task<PackageSet> OfAsync(PlannedCode code, RulesResult rules, PlanRequest request, TerraformProgram program, StackState state, CancellationToken stop)
    {
        var required = rules.Required.Select(one => (one.Source, one.Versions)).ToList();
        foreach (var source in Sources(state))
        {
            if (!ProviderSource.Allows(source, allowed))
            {
                throw PlanFault.Of("The state holds resources of a provider that is not on the list of those that may run:", new Part(Trust.Tenant, source, "the provider in the state"));
            }

            required.Add((source, []));
        }

        var addresses = required.Select(one => (Address: ProviderAddress.Parse(one.Source, program.DefaultHost), one.Versions)).Where(one => one.Address is not null)
            .GroupBy(one => one.Address!, one => one.Versions.Select(VersionConstraints.Parse).OfType<VersionConstraints>())
            .Select(group => new RequiredProvider(group.Key, [.. group.SelectMany(constraints => constraints)]));
        return packages.OfAsync(program.Config, [.. addresses], Locked(code, request), ProviderPackages.Platform(kind), stop);
    }

    /// <summary>Those of the packages that have resources in the state: what they mark as sensitive decides what of it may be shown.</summary>
    public static IReadOnlyList<VerifiedPackage> InState(PackageSet packages, TerraformProgram program, StackState state)
    {
        var addresses = Sources(state).Select(source => ProviderAddress.Parse(source, program.DefaultHost)).ToHashSet();
        return [.. packages.Packages.Where(package => addresses.Contains(package.Address))];
    }

    private static IEnumerable<string> Sources(StackState state) => StateProviders.Of(state.Bytes ?? []).Select(written => ProviderSource.Normal(written) ?? "");

    private static LockFile? Locked(PlannedCode code, PlanRequest request)
    {
        var path = CodePath.Join(request.Stack.Path, LockFile.FileName);
        return code.Files.FirstOrDefault(file => file.Path == path && file.IsPlain) is { } file
            ? LockFile.Read(request.Repository.ReadBlob(file.Blob, MostLock) ?? throw new EngineException($"The stack's {LockFile.FileName} is larger than {MostLock >> 20} MB."))
            : null;
    }
}
