using System.Numerics;

namespace McpInfra.Cedar;

/// <summary>
/// Finds the policies whose scope can match a request. Each is filed under one part of its scope: the one that fewest policies share,
/// so that a set that varies by principal, by action or by resource is narrowed alike.
/// </summary>
internal sealed class PolicyIndex
{
    private readonly Policy[] policies;
    private readonly Dictionary<EntityUid, List<int>> principals = [];
    private readonly Dictionary<EntityUid, List<int>> actions = [];
    private readonly Dictionary<EntityUid, List<int>> resources = [];
    private readonly Dictionary<string, List<int>> principalTypes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<int>> resourceTypes = new(StringComparer.Ordinal);
    private readonly List<int> unscoped = [];

    public PolicyIndex(IReadOnlyList<Policy> policies)
    {
        this.policies = [.. policies];
        var shared = new Dictionary<(Variable, object), int>();
        foreach (var key in this.policies.SelectMany(policy => policy.Scopes).SelectMany(Keys))
        {
            shared[key] = shared.GetValueOrDefault(key) + 1;
        }

        for (var index = 0; index < this.policies.Length; index++)
        {
            File(index, shared);
        }
    }

    public int Words => (policies.Length + 63) / 64;

    public ReadOnlySpan<Policy> Policies => policies;

    /// <summary>Sets the bit of each policy whose scope can match.</summary>
    public void Mark(Evaluation evaluation, Span<ulong> bits)
    {
        var request = evaluation.Request;
        Mark(unscoped, bits);
        MarkEntity(principals, request.Principal, evaluation, bits);
        MarkEntity(actions, request.Action, evaluation, bits);
        MarkEntity(resources, request.Resource, evaluation, bits);
        MarkType(principalTypes, request.Principal.Type, bits);
        MarkType(resourceTypes, request.Resource.Type, bits);
    }

    /// <summary>Takes the lowest bit that is set; false when none is.</summary>
    public static bool TryTake(Span<ulong> bits, ref int word, out int index)
    {
        while (word < bits.Length)
        {
            if (bits[word] != 0)
            {
                index = (word * 64) + BitOperations.TrailingZeroCount(bits[word]);
                bits[word] &= bits[word] - 1;
                return true;
            }

            word++;
        }

        index = -1;
        return false;
    }

    private static IEnumerable<(Variable, object)> Keys(Scope scope) => scope.Kind switch
    {
        ScopeKind.Any => [],
        ScopeKind.Is => [(scope.Variable, scope.Type!)],
        _ => scope.Entities.Select(entity => (scope.Variable, (object)entity)),
    };

    private void File(int index, Dictionary<(Variable, object), int> shared)
    {
        var narrowest = policies[index].Scopes
            .Where(scope => scope.Kind != ScopeKind.Any)
            .MinBy(scope => Keys(scope).Sum(key => shared[key]));
        if (narrowest is null)
        {
            unscoped.Add(index);
            return;
        }

        foreach (var (variable, key) in Keys(narrowest).Distinct())
        {
            if (key is string type)
            {
                Add(variable == Variable.Principal ? principalTypes : resourceTypes, type, index);
            }
            else
            {
                Add(variable switch { Variable.Principal => principals, Variable.Action => actions, _ => resources }, (EntityUid)key, index);
            }
        }
    }

    private static void Add<TKey>(Dictionary<TKey, List<int>> filed, TKey key, int index)
        where TKey : notnull
    {
        if (!filed.TryGetValue(key, out var list))
        {
            filed.Add(key, list = []);
        }

        list.Add(index);
    }

    private static void Mark(List<int> indexes, Span<ulong> bits)
    {
        foreach (var index in indexes)
        {
            bits[index / 64] |= 1UL << (index % 64);
        }
    }

    private static void MarkType(Dictionary<string, List<int>> filed, string type, Span<ulong> bits)
    {
        if (filed.TryGetValue(type, out var indexes))
        {
            Mark(indexes, bits);
        }
    }

    private static void MarkEntity(Dictionary<EntityUid, List<int>> filed, EntityUid uid, Evaluation evaluation, Span<ulong> bits)
    {
        if (filed.Count == 0)
        {
            return;
        }

        if (filed.TryGetValue(uid, out var own))
        {
            Mark(own, bits);
        }

        var ancestors = evaluation.Ancestors(uid);
        if (ancestors.Count <= filed.Count)
        {
            foreach (var ancestor in ancestors)
            {
                if (filed.TryGetValue(ancestor, out var indexes))
                {
                    Mark(indexes, bits);
                }
            }

            return;
        }

        foreach (var (entity, indexes) in filed)
        {
            if (ancestors.Contains(entity))
            {
                Mark(indexes, bits);
            }
        }
    }
}
