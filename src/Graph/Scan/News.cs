using McpInfra.Graph.Collectors;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Scan;

/// <summary>What was seen and is not as it was, in the form in which it is stored.</summary>
internal abstract record News
{
    /// <summary>About how many bytes it holds until it is stored.</summary>
    public abstract long Size { get; }

    /// <summary>Names that storing it asks for.</summary>
    public virtual IEnumerable<string> Names => [];

    internal sealed record OfResource(StoredResource Resource) : News
    {
        public override long Size => 2 * Resource.Body.Length;

        public override IEnumerable<string> Names => Resource.OtherNames.Append(Resource.Key);
    }

    /// <summary>A relation as the store names it.</summary>
    internal sealed record OfRelation(string From, string Type, string To) : News
    {
        public override long Size => sizeof(char) * (From.Length + To.Length);

        public override IEnumerable<string> Names => [From, To];
    }

    /// <param name="Managed">What a state manages.</param>
    /// <param name="Key">The form in which the resource's id is compared.</param>
    internal sealed record OfState(Managed Managed, string Key) : News
    {
        public override long Size => 1000;

        public override IEnumerable<string> Names => [Key];
    }

    /// <summary>A finding, a charge, a page or an entity of a catalogue.</summary>
    internal sealed record Other(Observation Observation) : News
    {
        public override long Size => Observation is Observation.Wrote(var document) ? sizeof(char) * document.Passages.Sum(passage => (long)passage.Text.Length) : 1000;
    }
}
