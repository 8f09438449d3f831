using McpInfra.Guardrails.Injection.Onnx;
using McpInfra.Guardrails.Manifests;

namespace McpInfra.Host.Settings;

/// <summary>Reads `detection`.</summary>
internal static class DetectionReader
{
    private static readonly Dictionary<string, bool> Letters = new() { ["lower"] = true, ["as-they-are"] = false };

    /// <param name="map">The section; null for none.</param>
    /// <param name="absolute">Makes a path absolute from the configuration's folder.</param>
    public static OnnxSettings? Read(ManifestMap? map, Func<string, string> absolute)
    {
        if (map?.Map("onnx", required: true) is not { } onnx)
        {
            return null;
        }

        string Named(string key) => onnx.Text(key, required: true) is { } path ? SettingsReader.Existing(onnx, key, absolute(path)) : "";
        return new OnnxSettings(Named("model"), Named("tokenizer"), Named("runtime"))
        {
            Label = onnx.Number("label", 0, 1000, 1),
            Threshold = onnx.Number("threshold", 1, 99, 50) / 100.0,
            Window = onnx.Number("window", 8, OnnxSettings.MostTokens, OnnxSettings.MostTokens),
            LowerCase = onnx.Choice("letters", Letters, true),
            Most = TimeSpan.FromMilliseconds(onnx.Number("milliseconds", 1, 1000, 200)),
        };
    }
}
