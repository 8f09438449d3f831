using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace McpInfra.Guardrails.Injection.Onnx;

/// <summary>
/// A classifier of the operator's choice behind the built-in one, over windows of tokens that overlap by half. One text runs at a time; what does not end in
/// its time, or finds the model busy for as long, is left to the built-in one.
/// </summary>
public sealed class OnnxClassifier : ISecondOpinion, IDisposable
{
    // Letters of a text that are read; what a model is shown at once is less.
    private const int MostRead = 32 * 1024;

    private static readonly string[] Known = ["input_ids", "attention_mask", "token_type_ids"];
    private readonly OnnxSettings settings;
    private readonly OnnxTokens tokens;
    private readonly InferenceSession session;
    private readonly TimeProvider time;
    private readonly SemaphoreSlim turn = new(1);

    private OnnxClassifier(OnnxSettings settings, OnnxTokens tokens, InferenceSession session, TimeProvider time) =>
        (this.settings, this.tokens, this.session, this.time) = (settings, tokens, session, time);

    /// <summary>Opens the files and lets the model read one text, so that what does not fit is known now.</summary>
    /// <exception cref="OnnxException">A file is missing, cut or another than the settings say.</exception>
    public static OnnxClassifier Open(OnnxSettings settings, TimeProvider time)
    {
        NativeRuntime.Load(settings.Runtime);
        var tokens = OnnxTokens.Open(settings.Tokenizer, settings.LowerCase);
        var classifier = new OnnxClassifier(settings, tokens, Session(settings.Model), time);
        try
        {
            classifier.Try();
            return classifier;
        }
        catch
        {
            classifier.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public double Score(string text, TimeSpan most)
    {
        most = most < settings.Most ? most : settings.Most;
        var began = time.GetTimestamp();
        if (most <= TimeSpan.Zero || string.IsNullOrWhiteSpace(text) || !turn.Wait(most))
        {
            return 0;
        }

        try
        {
            using var stopping = new CancellationTokenSource(Positive(most - time.GetElapsedTime(began)), time);
            using var options = new RunOptions();
            using var _ = stopping.Token.Register(() => options.Terminate = true);
            var read = tokens.Read(text.Length <= MostRead ? text : text[..MostRead]);
            var (length, worst) = (settings.Window - 2, 0.0);
            for (var at = 0; at == 0 || at + (length / 2) < read.Count; at += length / 2)
            {
                if (stopping.IsCancellationRequested)
                {
                    break;
                }

                worst = Math.Max(worst, Probability(read.Skip(at).Take(length), options));
            }

            return Calibrated(worst);
        }
        catch (OnnxRuntimeException)
        {
            return 0; // It was told to stop, or failed on this text: the built-in score stands.
        }
        finally
        {
            turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        session.Dispose();
        turn.Dispose();
    }

    private static TimeSpan Positive(TimeSpan left) => left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1);

    // The operator's threshold becomes the one that everything here goes by.
    private double Calibrated(double probability) => probability < settings.Threshold
        ? InjectionFilter.Threshold * probability / settings.Threshold
        : settings.Threshold >= 1 ? 1 : InjectionFilter.Threshold + ((1 - InjectionFilter.Threshold) * (probability - settings.Threshold) / (1 - settings.Threshold));

    private static InferenceSession Session(string path)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        try
        {
            return new InferenceSession(path, options);
        }
        catch (Exception fault) when (fault is OnnxRuntimeException or TypeInitializationException or DllNotFoundException or EntryPointNotFoundException)
        {
            throw fault is OnnxRuntimeException
                ? new OnnxException("detection.onnx.model is missing, cut, or of a version that this ONNX Runtime does not read. Export it again, or name a newer runtime.", fault)
                : new OnnxException("detection.onnx.runtime is a library, but not ONNX Runtime 1.31 or newer. Name ONNX Runtime's own.", fault);
        }
    }

    private void Try()
    {
        if (!session.InputMetadata.ContainsKey(Known[0]) || session.InputMetadata.Any(input => !Known.Contains(input.Key) || input.Value.ElementDataType is not TensorElementType.Int64))
        {
            throw new OnnxException($"detection.onnx.model takes other inputs than {string.Join(", ", Known)} of 64-bit numbers. Name a classifier of texts.");
        }

        try
        {
            using var options = new RunOptions();
            Probability(tokens.Read("Which plans would be allowed?"), options);
        }
        catch (OnnxRuntimeException fault)
        {
            throw new OnnxException("detection.onnx.model fails on the tokens of its tokenizer. Name the tokenizer that came with the model.", fault);
        }
    }

    private double Probability(IEnumerable<int> window, RunOptions options)
    {
        var ids = tokens.Window(window);
        int[] shape = [1, ids.Length];
        var inputs = session.InputMetadata.Keys.Select(name => NamedOnnxValue.CreateFromTensor(name, new DenseTensor<long>(Values(name, ids), shape))).ToList();
        using var outputs = session.Run(inputs, [.. session.OutputMetadata.Keys.Take(1)], options);
        return outputs[0].Value is Tensor<float> { Length: > 0 } scores && (scores.Length == 1 || settings.Label < scores.Length)
            ? Probability([.. scores])
            : throw new OnnxException($"detection.onnx.model gives no row of scores that has one of number {settings.Label}. Correct `label`, or name a classifier of texts.");
    }

    private static long[] Values(string name, long[] ids) => name == Known[0] ? ids : [.. Enumerable.Repeat(name == Known[1] ? 1L : 0L, ids.Length)];

    // One score is a logit; several are turned into shares. What is no number is no opinion.
    private double Probability(float[] scores)
    {
        var share = scores.Length == 1 ? 1 / (1 + Math.Exp(-scores[0])) : Math.Exp(scores[settings.Label] - scores.Max()) / scores.Sum(score => Math.Exp(score - scores.Max()));
        return double.IsFinite(share) ? share : 0;
    }
}
