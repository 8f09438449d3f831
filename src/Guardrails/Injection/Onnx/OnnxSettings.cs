namespace McpInfra.Guardrails.Injection.Onnx;

/// <summary>An ONNX classifier of texts, as the operator names it. Nothing of it ships with the program.</summary>
/// <param name="Model">The model: tokens in (`input_ids`, and `attention_mask` and `token_type_ids` where it has them), one row of scores out.</param>
/// <param name="Tokenizer">Its tokeniser: WordPiece's `vocab.txt`, or SentencePiece's `*.model`.</param>
/// <param name="Runtime">The native library of ONNX Runtime.</param>
public sealed record OnnxSettings(string Model, string Tokenizer, string Runtime)
{
    /// <summary>Tokens of the longest window.</summary>
    public const int MostTokens = 512;

    /// <summary>Which of the scores, from 0, says that a text gives orders.</summary>
    public int Label { get; init; } = 1;

    /// <summary>The probability from which a text is flagged.</summary>
    public double Threshold { get; init; } = 0.5;

    /// <summary>Tokens that are read at once, the marks of begin and end included.</summary>
    public int Window { get; init; } = MostTokens;

    /// <summary>Whether WordPiece reads small letters only.</summary>
    public bool LowerCase { get; init; } = true;

    /// <summary>The longest that one text may take.</summary>
    public TimeSpan Most { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The files that it is made of, which run in the server.</summary>
    public IReadOnlyList<string> Files => [Model, Tokenizer, Runtime];
}
