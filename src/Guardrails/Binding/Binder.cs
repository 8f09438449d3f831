using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpInfra.Guardrails.Binding;

/// <summary>
/// Strict binding of JSON arguments to a record by its one public constructor, and the closed schema that says so; both from the same reading of the record.
/// Parameters: string, int, bool, enum (snake_case names), a record, JsonElement (any object), or IReadOnlyList of one of these; nullable or with a default means optional.
/// [Description], [Range], [MaxLength] and [MinLength] count. Faults name the schema's words only, never what came.
/// </summary>
public static class Binder<T>
    where T : class
{
    private static readonly Shape Root = Shape.Of(typeof(T), new NullabilityInfoContext());

    /// <summary>The closed JSON Schema.</summary>
    public static JsonElement Schema { get; } = JsonElements.Of(Root.Schema());

    /// <summary>The arguments, or what is wrong with them. An undefined or null element counts as {}.</summary>
    public static Bound Bind(JsonElement arguments)
    {
        var given = arguments.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? JsonDocument.Parse("{}").RootElement : arguments;
        try
        {
            return new Bound(Root.Read(given, "arguments"), null);
        }
        catch (Misfit misfit)
        {
            return new Bound(null, misfit.Message);
        }
    }
}

/// <summary>Arguments that do not fit; its message is our own words.</summary>
internal sealed class Misfit(string message) : Exception(message);

/// <summary>One form of value: how it is described and how it is read.</summary>
internal abstract class Shape
{
    private const int MostText = 100_000;
    private const int MostItems = 200;

    public abstract JsonObject Schema();

    public abstract object? Read(JsonElement value, string where);

    public static Shape Of(Type type, NullabilityInfoContext nullability, ParameterInfo? parameter = null)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
        {
            return new Text(parameter?.GetCustomAttribute<MinLengthAttribute>()?.Length ?? 0, parameter?.GetCustomAttribute<MaxLengthAttribute>()?.Length ?? 1000);
        }

        if (type == typeof(int))
        {
            var range = parameter?.GetCustomAttribute<RangeAttribute>();
            return new Number((int)(range?.Minimum ?? 1), (int)(range?.Maximum ?? int.MaxValue));
        }

        return type switch
        {
            _ when type == typeof(bool) => new Truth(),
            _ when type == typeof(JsonElement) => new Whatever(),
            { IsEnum: true } => new Choice(type),
            { IsGenericType: true } when type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) =>
                new Items(type.GetGenericArguments()[0], Of(type.GetGenericArguments()[0], nullability, parameter), MostItems),
            { IsClass: true } => new Fields(type, nullability),
            _ => throw new NotSupportedException($"Arguments of type {type} have no schema."),
        };
    }

    /// <summary>snake_case of a PascalCase name.</summary>
    internal static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    private sealed class Text(int least, int most) : Shape
    {
        // The length is left out of the schema where it is only our bound: a model needs no such number.
        public override JsonObject Schema() => new() { ["type"] = "string" };

        public override object Read(JsonElement value, string where)
        {
            if (value.ValueKind is not JsonValueKind.String)
            {
                throw new Misfit($"{where} must be a string");
            }

            var text = value.GetString()!;
            return text.Length < least || text.Length > Math.Min(most, MostText) ? throw new Misfit($"{where} must have {least} to {Math.Min(most, MostText)} characters")
                : text.Contains('\0', StringComparison.Ordinal) ? throw new Misfit($"{where} must not contain NUL")
                : text;
        }
    }

    private sealed class Number(int least, int most) : Shape
    {
        public override JsonObject Schema()
        {
            var schema = new JsonObject { ["type"] = "integer", ["minimum"] = least };
            if (most != int.MaxValue)
            {
                schema["maximum"] = most;
            }

            return schema;
        }

        public override object Read(JsonElement value, string where) =>
            value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most
                ? number
                : throw new Misfit(most == int.MaxValue ? $"{where} must be a whole number of at least {least}" : $"{where} must be a whole number from {least} to {most}");
    }

    private sealed class Truth : Shape
    {
        public override JsonObject Schema() => new() { ["type"] = "boolean" };

        public override object Read(JsonElement value, string where) =>
            value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw new Misfit($"{where} must be true or false");
    }

    private sealed class Whatever : Shape
    {
        public override JsonObject Schema() => new() { ["type"] = "object" };

        public override object Read(JsonElement value, string where) =>
            value.ValueKind is JsonValueKind.Object ? value : throw new Misfit($"{where} must be an object");
    }

    private sealed class Choice(Type type) : Shape
    {
        private readonly Dictionary<string, object> values = Enum.GetNames(type).ToDictionary(Snake, name => Enum.Parse(type, name));

        public override JsonObject Schema() => new() { ["type"] = "string", ["enum"] = new JsonArray([.. values.Keys.Select(name => JsonValue.Create(name))]) };

        public override object Read(JsonElement value, string where) =>
            value.ValueKind is JsonValueKind.String && values.TryGetValue(value.GetString()!, out var chosen)
                ? chosen
                : throw new Misfit($"{where} must be one of {string.Join(", ", values.Keys)}");
    }

    private sealed class Items(Type type, Shape item, int most) : Shape
    {
        public override JsonObject Schema() => new() { ["type"] = "array", ["items"] = item.Schema() };

        public override object Read(JsonElement value, string where)
        {
            if (value.ValueKind is not JsonValueKind.Array || value.GetArrayLength() > most)
            {
                throw new Misfit($"{where} must be a list of at most {most}");
            }

            var items = Array.CreateInstance(type, value.GetArrayLength());
            var index = 0;
            foreach (var element in value.EnumerateArray())
            {
                items.SetValue(item.Read(element, $"{where}[{index}]"), index);
                index++;
            }

            return items;
        }
    }

    private sealed class Fields : Shape
    {
        private readonly ConstructorInfo constructor;
        private readonly List<Field> fields = [];

        public Fields(Type type, NullabilityInfoContext nullability)
        {
            constructor = type.GetConstructors().Single();
            foreach (var parameter in constructor.GetParameters())
            {
                var optional = parameter.HasDefaultValue || nullability.Create(parameter).WriteState is NullabilityState.Nullable;
                fields.Add(new Field(
                    Snake(parameter.Name!), Of(parameter.ParameterType, nullability, parameter), optional,
                    parameter.HasDefaultValue ? Default(parameter) : null, parameter.GetCustomAttribute<DescriptionAttribute>()?.Description));
            }
        }

        public override JsonObject Schema()
        {
            var properties = new JsonObject();
            foreach (var field in fields)
            {
                var schema = field.Shape.Schema();
                if (field.Description is { } description)
                {
                    schema["description"] = description;
                }

                properties[field.Name] = schema;
            }

            var whole = new JsonObject { ["type"] = "object", ["properties"] = properties };
            if (fields.Any(field => !field.Optional))
            {
                whole["required"] = new JsonArray([.. fields.Where(field => !field.Optional).Select(field => JsonValue.Create(field.Name))]);
            }

            whole["additionalProperties"] = false;
            return whole;
        }

        public override object Read(JsonElement value, string where)
        {
            if (value.ValueKind is not JsonValueKind.Object)
            {
                throw new Misfit($"{where} must be an object");
            }

            var given = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
            foreach (var property in value.EnumerateObject())
            {
                if (fields.All(field => field.Name != property.Name))
                {
                    throw new Misfit($"{where} has an unknown key; allowed are {string.Join(", ", fields.Select(field => field.Name))}");
                }

                if (!given.TryAdd(property.Name, property.Value))
                {
                    throw new Misfit($"{where} has {property.Name} twice");
                }
            }

            return constructor.Invoke([.. fields.Select(field => field.Read(given, where))]);
        }

        private static object? Default(ParameterInfo parameter) =>
            parameter.DefaultValue is { } value && Nullable.GetUnderlyingType(parameter.ParameterType) is null && parameter.ParameterType.IsEnum
                ? Enum.ToObject(parameter.ParameterType, value)
                : parameter.DefaultValue;

        private sealed record Field(string Name, Shape Shape, bool Optional, object? Default, string? Description)
        {
            public object? Read(Dictionary<string, JsonElement> given, string where)
            {
                var path = where == "arguments" ? Name : $"{where}.{Name}";
                return given.TryGetValue(Name, out var value) && !(Optional && value.ValueKind is JsonValueKind.Null) ? Shape.Read(value, path)
                    : Optional ? Default
                    : throw new Misfit($"{path} is missing");
            }
        }
    }
}
