using System.Buffers.Binary;
using System.Text;

namespace McpInfra.Guardrails.Injection;

/// <summary>A linear model over hashed features: weights of a byte, a scale, biases and a steepness. Trained by tests/InjectionTraining; shipped as model.bin.</summary>
internal sealed class Model
{
    private const int Magic = 0x334A494D;
    private const int Header = 20;
    private readonly sbyte[] weights;

    /// <param name="weights">One for each feature number.</param>
    /// <param name="scale">What a weight of one means.</param>
    /// <param name="biases">Added once to every window, by its length.</param>
    /// <param name="words">The words that the model knows.</param>
    /// <param name="steepness">How much of the scores the odds of chance are.</param>
    public Model(sbyte[] weights, float scale, float[] biases, IReadOnlyList<string> words, float steepness = 1)
    {
        (this.weights, Scale, Biases, Words, Steepness) = (weights, scale, biases, words, steepness);
        Vocabulary = new Vocabulary(words);
    }

    /// <summary>The model that the program ships, read anew.</summary>
    /// <exception cref="InvalidDataException">It is missing, cut, or of another version.</exception>
    public static Model Shipped
    {
        get
        {
            using var stream = typeof(Model).Assembly.GetManifestResourceStream("McpInfra.Guardrails.Injection.model.bin") ?? throw new InvalidDataException("The injection model is missing from the program; build it again.");
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return Read(bytes);
        }
    }

    /// <summary>What a weight of one means.</summary>
    public float Scale { get; }

    /// <summary>Added once to every window: one for each of <see cref="Scorer.Lengths"/>.</summary>
    public float[] Biases { get; }

    /// <summary>What log odds weigh in a score.</summary>
    public float Steepness { get; }

    /// <summary>The words that the model knows.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>The same for the reader of tokens.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>The same model with the scores of windows moved, by their length.</summary>
    public Model Moved(params ReadOnlySpan<float> by)
    {
        var moved = Biases.ToArray();
        for (var length = 0; length < moved.Length; length++)
        {
            moved[length] += by[length];
        }

        return new Model(weights, Scale, moved, Words, Steepness);
    }

    /// <summary>The same model with every score further from its threshold by a factor, or nearer.</summary>
    public Model Steeper(float factor) => new(weights, Scale * factor, [.. Biases.Select(bias => bias * factor)], Words, Steepness * factor);

    /// <summary>Adds up the weights of features.</summary>
    public Sum Adding() => new(weights);

    /// <summary>Reads a model; one that is missing, cut or of another version is refused.</summary>
    /// <exception cref="InvalidDataException">It is not a whole model of this version.</exception>
    public static Model Read(ReadOnlySpan<byte> file)
    {
        if (file.Length < Header + (4 * Scorer.Lengths.Length) || BinaryPrimitives.ReadInt32LittleEndian(file) != Magic || BinaryPrimitives.ReadInt32LittleEndian(file[4..]) != Features.Bits)
        {
            throw new InvalidDataException("The injection model is of another version; build the program from one commit.");
        }

        var scale = BinaryPrimitives.ReadSingleLittleEndian(file[8..]);
        var words = BinaryPrimitives.ReadInt32LittleEndian(file[12..]);
        var steepness = BinaryPrimitives.ReadSingleLittleEndian(file[16..]);
        var biases = new float[Scorer.Lengths.Length];
        var rest = file[Header..];
        foreach (ref var bias in biases.AsSpan())
        {
            bias = BinaryPrimitives.ReadSingleLittleEndian(rest);
            rest = rest[4..];
        }

        if (words < 0 || rest.Length != words + (1 << Features.Bits))
        {
            throw new InvalidDataException("The injection model is cut; build the program again.");
        }

        return new Model([.. System.Runtime.InteropServices.MemoryMarshal.Cast<byte, sbyte>(rest[words..])], scale, biases, Encoding.UTF8.GetString(rest[..words]).Split('\n', StringSplitOptions.RemoveEmptyEntries), steepness);
    }

    /// <summary>Writes the model for <see cref="Read"/>.</summary>
    public void Write(Stream file)
    {
        var words = Encoding.UTF8.GetBytes(string.Join('\n', Words));
        Span<byte> header = stackalloc byte[Header];
        BinaryPrimitives.WriteInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], Features.Bits);
        BinaryPrimitives.WriteSingleLittleEndian(header[8..], Scale);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], words.Length);
        BinaryPrimitives.WriteSingleLittleEndian(header[16..], Steepness);
        file.Write(header);
        foreach (var bias in Biases)
        {
            BinaryPrimitives.WriteSingleLittleEndian(header, bias);
            file.Write(header[..4]);
        }

        file.Write(words);
        file.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(weights.AsSpan()));
    }

    /// <summary>The sum of the weights of the features taken.</summary>
    internal ref struct Sum(ReadOnlySpan<sbyte> weights) : IFeatureTaker
    {
        private readonly ReadOnlySpan<sbyte> weights = weights;

        /// <summary>So far.</summary>
        public int Value { get; private set; }

        /// <inheritdoc/>
        public void Take(int feature) => Value += weights[feature];
    }
}
