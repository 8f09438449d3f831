using System.Numerics;

namespace McpInfra.Guardrails.Injection;

/// <summary>Numbers by number, none of them 0: filled once, then only read. Unlike a dictionary of values, it is compiled ahead of time with the program.</summary>
internal sealed class NumberTable
{
    private (uint Key, uint Value)[] places;
    private int count;

    /// <param name="expected">How many there will be, more or less.</param>
    public NumberTable(int expected = 8) => places = new (uint, uint)[BitOperations.RoundUpToPowerOf2((uint)Math.Max(8, expected * 2))];

    /// <summary>The value of a key; 0 when there is none.</summary>
    public uint this[uint key] => places[Place(places, key)].Value;

    /// <summary>Gives a key its value; false when it has one.</summary>
    public bool TryAdd(uint key, uint value)
    {
        if (++count * 2 > places.Length)
        {
            Grow();
        }

        ref var place = ref places[Place(places, key)];
        if (place.Key != 0)
        {
            count--;
            return false;
        }

        place = (key, value);
        return true;
    }

    /// <summary>Gives a key that is there another value; 0 leaves it without one.</summary>
    public void Set(uint key, uint value) => places[Place(places, key)].Value = value;

    private void Grow()
    {
        var larger = new (uint Key, uint Value)[places.Length * 2];
        foreach (var place in places)
        {
            if (place.Key != 0)
            {
                larger[Place(larger, place.Key)] = place;
            }
        }

        places = larger;
    }

    private static int Place((uint Key, uint Value)[] places, uint key)
    {
        var at = (int)((key * 0x9E3779B1u) >> 8) & (places.Length - 1);
        while (places[at].Key != 0 && places[at].Key != key)
        {
            at = (at + 1) & (places.Length - 1);
        }

        return at;
    }
}
