using System.Text;
using System.Text.Json;

namespace McpInfra.Graph.Hcl;

/// <summary>Reads HCL 2 and its JSON spelling in linear time and bounded depth. What it cannot read is a fault, never an exception.</summary>
public static class HclReader
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file; a name that ends in `.json` is read as JSON: of values when it is `.tfvars.json`, else of blocks.</summary>
    public static HclFile Read(string path, ReadOnlyMemory<byte> bytes)
    {
        var fault = Unreadable(path, bytes, out var text);
        return fault is not null ? new(path, HclBody.Empty, fault)
            : path.EndsWith(".tfvars.json", StringComparison.Ordinal) ? ReadJson(path, text, values: true)
            : path.EndsWith(".json", StringComparison.Ordinal) ? ReadJson(path, text, values: false)
            : ReadBody(path, text);
    }

    /// <summary>Reads a whole file as one template, as `templatefile` does: its only attribute is named `template`.</summary>
    public static HclFile ReadTemplate(string path, ReadOnlyMemory<byte> bytes)
    {
        if (Unreadable(path, bytes, out var text) is { } fault)
        {
            return new(path, HclBody.Empty, fault);
        }

        var parser = new HclParser(text);
        try
        {
            var template = parser.ParseBareTemplate();
            return new(path, new([new("template", template, template.Span)], []), null);
        }
        catch (HclSyntaxException stopped)
        {
            return new(path, HclBody.Empty, Fault(path, parser.Lines, stopped));
        }
    }

    private static HclFile ReadBody(string path, string text)
    {
        var parser = new HclParser(text);
        var (attributes, blocks) = (new List<HclAttribute>(), new List<HclBlock>());
        try
        {
            parser.ParseFile(attributes, blocks);
            return new(path, new(attributes, blocks), null);
        }
        catch (HclSyntaxException stopped)
        {
            return new(path, new(attributes, blocks), Fault(path, parser.Lines, stopped));
        }
    }

    private static HclFile ReadJson(string path, string text, bool values)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var lines = new HclLines(bytes);
        try
        {
            return new(path, new HclJson(lines, values).Read(bytes), null);
        }
        catch (JsonException stopped)
        {
            return new(path, HclBody.Empty, new(path, (int)(stopped.LineNumber ?? 0) + 1, (int)(stopped.BytePositionInLine ?? 0) + 1, "expected JSON of at most 100 levels"));
        }
        catch (HclSyntaxException stopped)
        {
            return new(path, HclBody.Empty, Fault(path, lines, stopped));
        }
    }

    private static HclFault Fault(string path, HclLines lines, HclSyntaxException stopped) =>
        new(path, lines.Line(stopped.Offset), lines.Column(stopped.Offset), stopped.Message);

    private static HclFault? Unreadable(string path, ReadOnlyMemory<byte> bytes, out string text)
    {
        text = "";
        if (bytes.Length > HclLimits.Bytes)
        {
            return new(path, 1, 1, $"expected at most {HclLimits.Bytes / (1024 * 1024)} MiB");
        }

        var rest = bytes.Span.StartsWith("\uFEFF"u8) ? bytes.Span[3..] : bytes.Span;
        try
        {
            text = Strict.GetString(rest);
        }
        catch (DecoderFallbackException)
        {
            return At(path, bytes.Span, ValidLength(bytes.Span), "expected UTF-8");
        }

        var nul = bytes.Span.IndexOf((byte)0);
        return nul < 0 ? null : At(path, bytes.Span, nul, "expected text without NUL");
    }

    private static HclFault At(string path, ReadOnlySpan<byte> bytes, int offset, string message)
    {
        var lines = new HclLines(bytes);
        return new(path, lines.Line(offset), lines.Column(offset), message);
    }

    private static int ValidLength(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length && Rune.DecodeFromUtf8(bytes[at..], out _, out var length) == System.Buffers.OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }
}
