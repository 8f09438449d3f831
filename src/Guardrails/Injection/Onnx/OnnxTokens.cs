using Microsoft.ML.Tokenizers;

namespace McpInfra.Guardrails.Injection.Onnx;

/// <summary>Texts as the tokens that a model was trained on, with its marks of begin and end.</summary>
internal sealed class OnnxTokens
{
    private readonly Tokenizer tokenizer;
    private readonly int begin;
    private readonly int end;

    private OnnxTokens(Tokenizer tokenizer, int begin, int end) => (this.tokenizer, this.begin, this.end) = (tokenizer, begin, end);

    /// <summary>The tokeniser of a file.</summary>
    /// <exception cref="OnnxException">It is not there, or is none.</exception>
    public static OnnxTokens Open(string path, bool lowerCase)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (path.EndsWith(".txt", StringComparison.OrdinalIgnoreCase))
            {
                var bert = BertTokenizer.Create(file, new BertOptions { LowerCaseBeforeTokenization = lowerCase });
                return new OnnxTokens(bert, bert.ClassificationTokenId, bert.SeparatorTokenId);
            }

            var pieces = SentencePieceTokenizer.Create(file, addBeginningOfSentence: false, addEndOfSentence: false);
            return new OnnxTokens(pieces, pieces.BeginningOfSentenceId, pieces.EndOfSentenceId);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            throw new OnnxException("detection.onnx.tokenizer is missing, cut, or neither a WordPiece vocabulary (*.txt) nor a SentencePiece model (*.model). Name the one that came with the model.", fault);
        }
    }

    /// <summary>The tokens of a text, without marks.</summary>
    public IReadOnlyList<int> Read(string text) => tokenizer switch
    {
        BertTokenizer bert => bert.EncodeToIds(text, addSpecialTokens: false),
        SentencePieceTokenizer pieces => pieces.EncodeToIds(text, addBeginningOfSentence: false, addEndOfSentence: false),
        _ => tokenizer.EncodeToIds(text),
    };

    /// <summary>A window of tokens between the marks.</summary>
    public long[] Window(IEnumerable<int> tokens) => [begin, .. tokens.Select(token => (long)token), end];
}
