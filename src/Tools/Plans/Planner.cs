using System.Text;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Audit;
using McpInfra.Tools.Git;
using McpInfra.Tools.Plans.Cloud;
using McpInfra.Tools.Plans.Engines.Terraform;
using McpInfra.Tools.Plans.Engines.Terraform.Providers;
using McpInfra.Tools.Plans.Engines.Terraform.Rules;
using McpInfra.Tools.Plans.State;
using McpInfra.Tools.Sandbox;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans;

/// <summary>Makes one plan or drift report: the tree is fixed, its code is checked, then it runs caged on a sanitised state, and what comes back is masked and kept.</summary>
/// <param name="grounds">What plans rest on.</param>
/// <param name="runs">Runs the engine.</param>
/// <param name="secrets">The organisation's tokens and key.</param>
/// <param name="record">Where a plan and what it reached are recorded, and what the graph knows of addresses.</param>
public sealed class Planner(Grounds grounds, CagedRuns runs, PlanSecrets secrets, PlanRecord record)
{
    private const int MostErrors = 6000;

    /// <summary>Where providers come from, checked.</summary>
    public required ProviderPackages Packages { get; init; }

    /// <summary>Finds the outputs of other stacks.</summary>
    public required RemoteOutputs Remote { get; init; }

    /// <summary>What the providers mark as sensitive.</summary>
    public required ProviderSchemas Schemas { get; init; }

    /// <summary>The plan's answer, or why there is none.</summary>
    public async Task<Answer> PlanAsync(string id, PlanRequest request, CancellationToken stop)
    {
        try
        {
            return await MakeAsync(id, request, stop);
        }
        catch (PlanFault fault)
        {
            return fault.Answer;
        }
        catch (RepositoryException exception)
        {
            return exception.Path is { } path ? Answer.Fault(exception.Message, new Part(Trust.Tenant, path, "path in the repository")) : Answer.Fault(exception.Message);
        }
        catch (EngineException exception)
        {
            return exception.Named is { } named ? Answer.Fault(exception.Message, new Part(Trust.Tenant, named, "what the code names")) : Answer.Fault(exception.Message);
        }
        catch (Exception exception) when (exception is StateException or SandboxException)
        {
            return Answer.Fault(exception.Message);
        }
        catch (InvalidDataException exception)
        {
            return Answer.Fault($"{exception.Message} Plan less at once, or use a version of terraform that is known here (1.4 to 1.13).");
        }
    }

    private async Task<Answer> MakeAsync(string id, PlanRequest request, CancellationToken stop)
    {
        var (repository, stack) = (request.Repository, request.Stack);
        record.Prepare(request.Caller.Organization);
        var probing = runs.Sandbox.ProbeAsync(stop).AsTask();
        var now = await grounds.NowAsync(request.Caller, repository, stack, request.From, stop);
        var code = PlannedCode.Of(request, now.Base);
        var (rules, fetched) = await new CodeCheck(grounds.Allowed, grounds.Modules).OfAsync(code, request, stop);
        var readiness = await probing;
        if (!readiness.Ready)
        {
            throw PlanFault.Of($"Plans run in a sandbox, and it cannot run here: {readiness.Remedy}.");
        }

        if (now.State.Bytes is null && request.Kind is PlanKind.Drift)
        {
            throw PlanFault.Of("This stack has no state, so there is nothing that could have drifted. If its state lies elsewhere, name it in the stack's `state` in mcp-infra.yaml.");
        }

        runs.Admit(now.State);
        using var packages = await new StackProviders(Packages, grounds.Allowed.Providers, runs.Sandbox.Kind).OfAsync(code, rules, request, now.Program, now.State, stop);
        SanitizedState state;
        IReadOnlyList<RemoteOutput> remote;
        TerraformOutcome outcome;
        var run = await runs.OpenAsync(id, request, rules, now, packages, stop);
        await using (run)
        {
            var schema = await Schemas.OfAsync(run.Terraform, StackProviders.InState(packages, now.Program, now.State), stop);
            state = StateSanitizer.Sanitize(now.State, secrets.Tokens, schema);
            remote = await Remote.OfAsync(rules.RemoteStates, request, secrets.Tokens, stop);
            outcome = await run.PlanAsync(
                new TerraformInput([.. Export.Of(repository, code.Files), .. Export.Of(fetched)], stack.Path, now.State.Workspace ?? stack.Workspace, state, Egress(stack))
                {
                    RefreshOnly = request.Kind is PlanKind.Drift,
                    Packages = packages,
                    Configurations = rules.Providers.Count,
                    Modules = rules.Modules,
                    Remote = remote,
                },
                stop);
        }

        if (outcome.FailedStep is { } step)
        {
            throw Failed(step, outcome, run.Reached);
        }

        var contents = PlanReader.Read(outcome.Plan, state, secrets, request.Kind, rules.DynamicBlocks);
        if (Grounds.Moved(now.Rests, (await grounds.NowAsync(request.Caller, repository, stack, request.From, stop)).Rests) is { Count: > 0 } moved)
        {
            throw PlanFault.Of($"While it was planned, {string.Join(" and ", moved)}. Plan again.");
        }

        var evidence = new PlanEvidence(contents, state, now, rules, run.Reached, runs.Sandbox) { Providers = packages.Packages, Credentials = [.. Clouds.Of(stack)], Remote = remote, Fetched = fetched };
        var impact = await record.ImpactAsync(request, contents, stop);
        if (request.Kind is PlanKind.Drift)
        {
            return DriftText.Of(record.Report(id, request, evidence, impact), from: 0);
        }

        var plan = record.Keep(id, request, code, evidence, impact, outcome.Providers);
        return PlanText.Of(plan, evidence, impact, request.Caller.Agent.Tier);
    }

    /// <summary>Whether the plan of this id is kept, and nothing that it rests on has moved.</summary>
    internal Task<bool> StandsAsync(string id, PlanRequest request, CancellationToken stop) => record.StandsAsync(id, request, stop);

    private static List<Sandbox.Egress.Endpoint> Egress(StackSettings stack) => [.. (stack.Egress ?? []).Select(text => Sandbox.Egress.Endpoint.TryParse(text, out var endpoint)
        ? endpoint
        : throw PlanFault.Of("The stack's `egress` holds an entry that is not host:port. Correct it in mcp-infra.yaml."))];

    private PlanFault Failed(string step, TerraformOutcome outcome, IReadOnlyList<EgressRecord> reached)
    {
        var said = secrets.Redactor.Text(Encoding.UTF8.GetString(outcome.Errors)).Trim();
        List<Part> more = said.Length > 0 ? [new Part(Trust.Tenant, said.Length <= MostErrors ? said : said[..MostErrors] + "\n… cut", "what terraform said")] : [];
        var refused = reached.Where(record => !record.Allowed).Select(record => $"{record.Endpoint}: {(record.Asked is { } asked ? $"{asked}: " : "")}{record.Reason}").Distinct().Take(10).ToList();
        if (refused.Count > 0)
        {
            more.Add(new Part(Trust.Tenant, string.Join('\n', refused), "what it tried to reach and was refused"));
        }

        // What Go and the system say when a process comes to the limit by itself.
        var starved = said.Contains("out of memory", StringComparison.OrdinalIgnoreCase) || said.Contains("cannot allocate memory", StringComparison.OrdinalIgnoreCase);
        var governed = reached.Any(record => record is { Allowed: false, Asked: not null });
        return PlanFault.Of(
            $"terraform {step} failed.{(governed ? " It asked a cloud for what a plan may not ask: only reviewed reads that hand out no secret pass." : refused.Count > 0 ? " It tried to reach what the stack's `egress` in mcp-infra.yaml does not list." : "")}{(starved ? " It ran out of the memory that a run may have; split the stack, so that each part plans less, or set engines.terraform.memory_gb in mcp-infra.yaml." : "")}", more);
    }
}
