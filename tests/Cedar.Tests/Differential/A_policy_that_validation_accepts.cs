using Xunit;

namespace McpInfra.Cedar.Tests.Differential;

public sealed class A_policy_that_validation_accepts
{
    [Fact]
    public void Meets_no_type_error_on_a_valid_request()
    {
        var schema = Schema.Parse(GeneratedWorld.Schema).Require();
        var asked = 0;
        for (var seed = 0; asked < 5_000; seed++)
        {
            var random = new Random(seed);
            var policies = PolicySet.Parse(new PolicyGenerator(random).Policy());
            var entities = schema.ParseEntities(GeneratedWorld.Entities(random).ToJson());
            if (!policies.Succeeded || !entities.Succeeded || !schema.Validate(policies.Value).IsValid)
            {
                continue;
            }

            foreach (var request in Enumerable.Range(0, 20).Select(_ => GeneratedWorld.Request(random)).Where(request => schema.Validate(request).Count == 0))
            {
                asked++;
                Assert.DoesNotContain(
                    Authorizer.Decide(policies.Value, request, entities.Value).Errors,
                    error => !error.Message.StartsWith("overflow", StringComparison.Ordinal) && !error.Message.Contains("does not exist", StringComparison.Ordinal));
            }
        }
    }
}
