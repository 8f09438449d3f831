using System.Globalization;
using System.Text;

namespace McpInfra.Cedar;

/// <summary>Writes a value as Cedar source that evaluates to it.</summary>
internal static class ValuePrinter
{
    public static string Print(Value value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    private static void Append(StringBuilder text, Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Boolean: text.Append(value.AsBoolean() ? "true" : "false"); break;
            case ValueKind.Long: text.Append(CultureInfo.InvariantCulture, $"{value.AsLong()}"); break;
            case ValueKind.String: text.Append(Quoting.Quote(value.AsString())); break;
            case ValueKind.Entity: text.Append(value.AsEntity()); break;
            case ValueKind.Decimal: text.Append(CultureInfo.InvariantCulture, $"decimal(\"{CedarDecimal.Print(value.AsLong())}\")"); break;
            case ValueKind.IpAddress: text.Append(CultureInfo.InvariantCulture, $"ip(\"{value.AsIpRange()}\")"); break;
            case ValueKind.Duration: text.Append(CultureInfo.InvariantCulture, $"duration(\"{value.AsLong()}ms\")"); break;
            case ValueKind.DateTime: text.Append(CedarTime.PrintDateTime(value.AsLong())); break;
            case ValueKind.Set: AppendSet(text, value.AsSet()); break;
            case ValueKind.Record: AppendRecord(text, value.AsRecord()); break;
            default: text.Append(value.Kind); break;
        }
    }

    private static void AppendSet(StringBuilder text, CedarSet set)
    {
        var separator = "[";
        foreach (var member in set.Members)
        {
            text.Append(separator);
            Append(text, member);
            separator = ", ";
        }

        text.Append(set.Count == 0 ? "[]" : "]");
    }

    private static void AppendRecord(StringBuilder text, CedarRecord record)
    {
        var separator = "{";
        for (var index = 0; index < record.Count; index++)
        {
            text.Append(separator).Append(Quoting.Key(record.Names[index])).Append(": ");
            Append(text, record.Values[index]);
            separator = ", ";
        }

        text.Append(record.Count == 0 ? "{}" : "}");
    }
}
