using System.Text;
using System.Text.Json;

namespace McpInfra.Graph.Hcl;

/// <summary>Reads the JSON spelling. The words of the language that are blocks become blocks; every other property stays an attribute.</summary>
/// <param name="lines">Lines of the bytes.</param>
/// <param name="values">Whether strings are plain values, as in `.tfvars.json`, and not templates.</param>
internal sealed class HclJson(HclLines lines, bool values)
{
    // The words that the engine reads as blocks, with how many labels each has, by the block that they stand in ("" is the file).
    private static readonly Dictionary<(string Within, string Word), int> Blocks = new()
    {
        [("", "terraform")] = 0, [("", "locals")] = 0, [("", "variable")] = 1, [("", "output")] = 1, [("", "module")] = 1, [("", "provider")] = 1,
        [("", "resource")] = 2, [("", "data")] = 2, [("", "ephemeral")] = 2, [("", "action")] = 2, [("", "list")] = 2,
        [("", "moved")] = 0, [("", "import")] = 0, [("", "removed")] = 0, [("", "check")] = 1,
        [("terraform", "backend")] = 1, [("terraform", "cloud")] = 0, [("terraform", "required_providers")] = 0, [("terraform", "provider_meta")] = 1,
        [("resource", "provisioner")] = 1, [("resource", "connection")] = 0, [("resource", "lifecycle")] = 0, [("resource", "dynamic")] = 1,
        [("removed", "provisioner")] = 1, [("removed", "connection")] = 0, [("removed", "lifecycle")] = 0,
        [("data", "lifecycle")] = 0, [("data", "dynamic")] = 1, [("data", "provisioner")] = 1, [("data", "connection")] = 0,
        [("ephemeral", "lifecycle")] = 0, [("ephemeral", "dynamic")] = 1,
        [("provider", "dynamic")] = 1, [("check", "data")] = 2, [("check", "assert")] = 0, [("variable", "validation")] = 0,
        [("output", "precondition")] = 0, [("lifecycle", "precondition")] = 0, [("lifecycle", "postcondition")] = 0,
    };

    private int _nodes;

    /// <exception cref="JsonException">It is not JSON.</exception>
    public HclBody Read(byte[] bytes)
    {
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = HclLimits.Depth });
        reader.Read();
        var whole = ReadValue(ref reader);
        if (reader.Read() || whole is not (HclExpression.Map or HclExpression.Tuple))
        {
            throw new HclSyntaxException(0, "expected one JSON object");
        }

        return Body("", whole);
    }

    private HclExpression ReadValue(ref Utf8JsonReader reader)
    {
        Count(ref reader);
        var start = (int)reader.TokenStartIndex;
        HclExpression value = reader.TokenType switch
        {
            JsonTokenType.StartObject => ReadObject(ref reader),
            JsonTokenType.StartArray => ReadArray(ref reader),
            JsonTokenType.String => ReadText(ref reader, isTemplate: !values),
            JsonTokenType.Number => new HclExpression.Number(Encoding.UTF8.GetString(reader.ValueSpan)),
            JsonTokenType.Null => new HclExpression.Null(),
            _ => new HclExpression.Boolean(reader.TokenType == JsonTokenType.True),
        };
        return value with { Span = new(lines.Line(start), lines.Line((int)reader.BytesConsumed - 1), start, (int)reader.BytesConsumed) };
    }

    private HclExpression.Map ReadObject(ref Utf8JsonReader reader)
    {
        var items = new List<HclItem>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var key = ReadText(ref reader, isTemplate: false);
            reader.Read();
            items.Add(new(key, ReadValue(ref reader)));
        }

        return new(items);
    }

    private HclExpression.Tuple ReadArray(ref Utf8JsonReader reader)
    {
        var items = new List<HclExpression>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(ReadValue(ref reader));
        }

        return new(items);
    }

    private static HclSyntaxException Expected(ref Utf8JsonReader reader, string what) => new((int)reader.TokenStartIndex, $"expected {what}");

    private void Count(ref Utf8JsonReader reader)
    {
        if (++_nodes > HclLimits.Nodes)
        {
            throw Expected(ref reader, $"at most {HclLimits.Nodes} expressions in one file");
        }
    }

    private HclExpression ReadText(ref Utf8JsonReader reader, bool isTemplate)
    {
        var line = lines.Line((int)reader.TokenStartIndex);
        string text;
        try
        {
            text = reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Expected(ref reader, "a string of whole characters");
        }

        var span = new HclSpan(line, line, 0, text.Length);
        return isTemplate ? Template(text, (int)reader.TokenStartIndex, line) : new HclExpression.Text(text) { Span = span };
    }

    // A template's own lines are escapes here: everything in it stands on the line of the string.
    private static HclExpression Template(string text, int offset, int line)
    {
        if (!text.Contains("${", StringComparison.Ordinal) && !text.Contains("%{", StringComparison.Ordinal))
        {
            return new HclExpression.Text(text);
        }

        try
        {
            return new HclParser(text, line).ParseBareTemplate();
        }
        catch (HclSyntaxException stopped)
        {
            throw new HclSyntaxException(offset, $"in the template of this string, {stopped.Message}");
        }
    }

    private HclBody Body(string within, HclExpression written)
    {
        var (attributes, blocks) = (new List<HclAttribute>(), new List<HclBlock>());
        foreach (var (name, item) in Properties(written))
        {
            if (name == "//")
            {
                continue; // The engine's own rule: a comment where a body is read.
            }

            if (!values && Blocks.TryGetValue((within, name), out var labels))
            {
                AddBlocks(blocks, name, [], labels, item.Value);
            }
            else
            {
                attributes.Add(new(name, values ? item.Value : WithTemplateKeys(item.Value), item.Value.Span));
            }
        }

        return new(attributes, blocks);
    }

    private void AddBlocks(List<HclBlock> blocks, string type, List<string> labels, int missing, HclExpression written)
    {
        foreach (var one in written is HclExpression.Tuple many ? many.Items : [written])
        {
            if (missing == 0)
            {
                if (one is HclExpression.Map)
                {
                    blocks.Add(new(type, labels, Body(type, one), one.Span));
                    continue;
                }
            }
            else if (one is HclExpression.Map)
            {
                foreach (var (label, item) in Properties(one))
                {
                    AddBlocks(blocks, type, [.. labels, label], missing - 1, item.Value);
                }

                continue;
            }

            if (one is not HclExpression.Null)
            {
                throw new HclSyntaxException(one.Span.Start, "expected an object that stands for a block");
            }
        }
    }

    private static IEnumerable<(string Name, HclItem Item)> Properties(HclExpression written)
    {
        foreach (var one in written is HclExpression.Tuple many ? many.Items : [written])
        {
            if (one is not HclExpression.Map body)
            {
                throw new HclSyntaxException(one.Span.Start, "expected an object");
            }

            foreach (var item in body.Items)
            {
                yield return (((HclExpression.Text)item.Key).Value, item);
            }
        }
    }

    // Within expressions the engine reads keys as templates too.
    private static HclExpression WithTemplateKeys(HclExpression value) => value switch
    {
        HclExpression.Tuple tuple => tuple with { Items = [.. tuple.Items.Select(WithTemplateKeys)] },
        HclExpression.Map many => many with { Items = [.. many.Items.Select(item => new HclItem(TemplateKey(item), WithTemplateKeys(item.Value)))] },
        _ => value,
    };

    private static HclExpression TemplateKey(HclItem item)
    {
        var key = (HclExpression.Text)item.Key;
        return Template(key.Value, item.Value.Span.Start, key.Span.Line) with { Span = key.Span };
    }
}
