namespace McpInfra.Guardrails.Spotlight;

/// <summary>Frames every part that others can write with a marker that is random for each answer, and says once how to read it.</summary>
/// <param name="marker">Makes a new marker.</param>
public sealed class SpotlightGuard(Func<string> marker) : IOutputGuard
{
    /// <summary>With markers from the system's random numbers.</summary>
    public SpotlightGuard()
        : this(Frame.NewMarker)
    {
    }

    /// <inheritdoc/>
    public string Name => "spotlight";

    /// <inheritdoc/>
    public ValueTask<Answer> CleanAsync(Answer answer, Call call, CancellationToken stop)
    {
        var first = IndexOfUnframed(answer.Parts);
        if (first < 0)
        {
            return new(answer);
        }

        var framed = answer.Parts.FirstOrDefault(part => part.Marker is not null)?.Marker;
        var chosen = framed ?? marker();
        var parts = answer.Parts.Select(part => part.Trust is Trust.Own || part.Marker is not null ? part : part with
        {
            Marker = chosen,
            Text = Frame.Blunt(part.Text, chosen),
            Source = Frame.Source(part.Source),
        }).ToList();
        if (framed is null)
        {
            parts.Insert(first, new Part(Trust.Own, Frame.Note));
        }

        return new(answer with { Parts = parts });
    }

    private static int IndexOfUnframed(IReadOnlyList<Part> parts)
    {
        for (var index = 0; index < parts.Count; index++)
        {
            if (parts[index].Trust is not Trust.Own && parts[index].Marker is null)
            {
                return index;
            }
        }

        return -1;
    }
}
