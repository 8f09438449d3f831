using System.Diagnostics.CodeAnalysis;

namespace McpInfra.Cedar;

/// <summary>What reading a text gave: the value, or every fault that was found; never both.</summary>
public sealed class Outcome<T>
    where T : class
{
    internal Outcome(T value) => (Value, Faults) = (value, []);

    internal Outcome(IReadOnlyList<Fault> faults) => Faults = faults;

    /// <summary>The value, when there are no faults.</summary>
    public T? Value { get; }

    /// <summary>All that is wrong, in the order of the text.</summary>
    public IReadOnlyList<Fault> Faults { get; }

    /// <summary>True when there is a value.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    public bool Succeeded => Value is not null;

    /// <summary>The value, or an exception that names every fault.</summary>
    public T Require() => Value ?? throw new CedarException(Faults);
}
