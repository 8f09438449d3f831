using Xunit;

namespace McpInfra.Cedar.Tests.Differential;

public sealed class A_policy_that_validation_accepts
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Meets_no_type_error_on_a_valid_request(bool isRandom)
    {
        var asked = 0;
        for (var seed = 0; asked < 5_000; seed++)
        {
            var random = new Random(seed);
            IWorld world = isRandom ? new RandomWorld(random) : new RichWorld(random);
            var schema = Schema.Parse(world.SchemaText).Require();
            var policies = PolicySet.Parse(world.Policy());
            var entities = schema.ParseEntities(world.Entities().ToJson());
            if (!policies.Succeeded || !entities.Succeeded || !schema.Validate(policies.Value).IsValid)
            {
                continue;
            }

            foreach (var request in Enumerable.Range(0, 20).Select(_ => world.Request()).Where(request => schema.Validate(request).Count == 0))
            {
                asked++;
                Assert.DoesNotContain(
                    Authorizer.Decide(policies.Value, request, entities.Value).Errors,
                    error => !error.Message.StartsWith("overflow", StringComparison.Ordinal) && !error.Message.Contains("does not exist", StringComparison.Ordinal));
            }
        }
    }
}
