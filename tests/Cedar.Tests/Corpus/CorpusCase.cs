using System.Text.Json;

namespace McpInfra.Cedar.Tests.Corpus;

internal sealed record CorpusCase(
    string Policies, string Entities, string Schema, bool ShouldValidate, IReadOnlyList<CorpusRequest> Requests, string PolicyFormat = "cedar", string SchemaFormat = "cedar");

internal sealed record CorpusRequest(
    string Description, JsonElement Principal, JsonElement Action, JsonElement Resource, JsonElement Context, string Decision, IReadOnlyList<string> Reason, IReadOnlyList<string> Errors, bool ValidateRequest = true);
