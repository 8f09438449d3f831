using System.Text;
using System.Text.Json;

namespace McpInfra.Cedar.Tests.Corpus;

/// <summary>Runs one case and tells what came out otherwise than it says.</summary>
internal static class CorpusCheck
{
    public static IEnumerable<string> Differences(CorpusArchive archive, string name, CorpusCase test)
    {
        string Text(string file) => Encoding.UTF8.GetString(archive.File(name, file));
        var policies = (test.PolicyFormat == "json" ? PolicySet.ParseJson(Text(test.Policies), test.Policies) : PolicySet.Parse(Text(test.Policies), test.Policies)).Require();
        var schema = (test.SchemaFormat == "json" ? Schema.ParseJson(Text(test.Schema), test.Schema) : Schema.Parse(Text(test.Schema), test.Schema)).Require();
        var entities = schema.ParseEntities(Text(test.Entities), test.Entities).Require();
        var report = schema.Validate(policies);
        if (report.IsValid != test.ShouldValidate)
        {
            yield return test.ShouldValidate ? $"refused by validation: {string.Join("; ", report.Errors)}" : "passed by validation";
        }

        if (Schema.Parse(schema.Text).Require().Validate(policies).IsValid != test.ShouldValidate || Schema.ParseJson(schema.ToJson()).Require().Validate(policies).IsValid != test.ShouldValidate)
        {
            yield return "validated otherwise with the schema written and read again";
        }

        if (!PolicySet.ParseJson(policies.ToJson()).Require().Policies.Select(policy => policy.Text).Order().SequenceEqual(policies.Policies.Select(policy => policy.Text).Order())
            || !policies.Policies.All(policy => PolicySet.Parse(policy.Text).Require().Policies[0].Text == policy.Text))
        {
            yield return "policies written and read again differ";
        }

        if (!schema.ParseEntities(entities.ToJson()).Require().All.All(entity => entities.Find(entity.Uid) is { } same && same.Attributes.Equals(entity.Attributes) && same.Tags.Equals(entity.Tags)))
        {
            yield return "entities written and read again differ";
        }

        foreach (var request in test.Requests)
        {
            foreach (var difference in Differences(policies, schema, entities, request))
            {
                yield return $"{request.Description}: {difference}";
            }
        }
    }

    private static IEnumerable<string> Differences(PolicySet policies, Schema schema, EntityStore entities, CorpusRequest request)
    {
        var action = Uid(request.Action);
        var asked = new Request(Uid(request.Principal), action, Uid(request.Resource), schema.ParseContext(request.Context.GetRawText(), action).Require());
        if (request.ValidateRequest && schema.Validate(asked) is [var fault, ..])
        {
            yield return $"the request is not valid: {fault}";
        }

        var response = Authorizer.Decide(policies, asked, entities);
        if (response.Decision != Enum.Parse<Decision>(request.Decision, ignoreCase: true))
        {
            yield return $"decided {response.Decision}, not {request.Decision}";
        }

        if (!response.Determining.Select(policy => policy.Id).ToHashSet().SetEquals(request.Reason))
        {
            yield return $"determined by {string.Join(", ", response.Determining.Select(policy => policy.Id))}, not {string.Join(", ", request.Reason)}";
        }

        if (!response.Errors.Select(error => error.Policy.Id).ToHashSet().SetEquals(request.Errors))
        {
            yield return $"erred in {string.Join(", ", response.Errors.Select(error => $"{error.Policy.Id} ({error.Message})"))}, not {string.Join(", ", request.Errors)}";
        }
    }

    private static EntityUid Uid(JsonElement json) => new JsonText("uid", json.GetRawText()).Read(ValueReader.ReadUid).Require();
}
