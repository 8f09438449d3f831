using System.Globalization;
using McpInfra.Guardrails;

namespace McpInfra.Tools.Plans;

/// <summary>Answers of plans that were told, for the identical call of the same owner: a hundred in all, each for five minutes, for what lies in a cloud moves without telling.</summary>
/// <param name="time">The clock.</param>
internal sealed class ToldPlans(TimeProvider time)
{
    private const int Most = 100;
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, Told> kept = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    /// <summary>What was told; null when nothing was, or too long ago.</summary>
    public Told? Find(string key)
    {
        lock (gate)
        {
            return kept.GetValueOrDefault(key) is { } told && told.Time > time.GetUtcNow() - Life ? told : null;
        }
    }

    /// <summary>Keeps an answer in place of the one before.</summary>
    public void Keep(string key, string id, Answer answer)
    {
        lock (gate)
        {
            kept[key] = new Told(id, answer, time.GetUtcNow());
            foreach (var (old, _) in kept.OrderBy(one => one.Value.Time).Take(kept.Count - Most).ToList())
            {
                kept.Remove(old);
            }
        }
    }

    /// <summary>The answer again, saying how old it is.</summary>
    public Answer Again(Told told) => told.Answer with
    {
        Parts = [new Part(Trust.Own, string.Create(CultureInfo.InvariantCulture, $"Planned {(time.GetUtcNow() - told.Time).TotalSeconds:0} s ago. Nothing that it rests on has moved since, so it was not run again.")), .. told.Answer.Parts],
        Structured = told.Answer.Structured?.DeepClone().AsObject(),
    };
}

/// <summary>An answer that was told.</summary>
/// <param name="Id">The plan's id.</param>
/// <param name="Answer">What was told.</param>
/// <param name="Time">When.</param>
internal sealed record Told(string Id, Answer Answer, DateTimeOffset Time);
