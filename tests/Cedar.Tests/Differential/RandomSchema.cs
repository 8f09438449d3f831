namespace McpInfra.Cedar.Tests.Differential;

/// <summary>Schemas made at random: namespaces, common types, enumerations, hierarchies, tags, optional and nested attributes, groups of actions.</summary>
internal sealed class RandomSchema(Random random)
{
    private static readonly string[] Attributes = ["a", "b", "level", "owner", "\"odd name\"", "\"if\"", "\"é\"", "tags", "type"];
    private static readonly string[] Scalars = ["Bool", "Long", "String", "String", "decimal", "ipaddr", "datetime", "duration"];

    private readonly string[] entities = [.. Enumerable.Range(0, random.Next(2, 5)).Select(index => $"{(index % 2 == 0 ? "" : "N::")}E{index}")];
    private readonly string[] common = [.. Enumerable.Range(0, random.Next(3)).Select(index => $"T{index}")];
    private readonly bool hasColor = random.Next(2) == 0;

    public string Text()
    {
        var inner = string.Concat(entities.Where(name => name.StartsWith("N::", StringComparison.Ordinal)).Select(name => $"  {Entity(name)}\n"));
        var outer = string.Concat(entities.Where(name => !name.StartsWith("N::", StringComparison.Ordinal)).Select(name => $"{Entity(name)}\n"));
        var types = string.Concat(common.Select((name, index) => $"type {name} = {Record(1, index)};\n"));
        return $"{types}{outer}{(hasColor ? "entity Color enum [\"red\", \"green\"];\n" : "")}{Actions(["read", "\"change it\"", "watch"])}namespace N {{\n{inner}{Actions(["move", "stop"])}}}\n";
    }

    private string One(params ReadOnlySpan<string> choices) => choices[random.Next(choices.Length)];

    private string Some(string[] choices) => string.Join(", ", choices.Where(_ => random.Next(2) == 0).DefaultIfEmpty(choices[0]));

    private string Entity(string name) =>
        $"entity {Names.Base(name)}{(random.Next(3) > 0 ? $" in [{Some(entities)}]" : "")} = {Record(2, common.Length)}{(random.Next(2) == 0 ? $" tags {Type(1, common.Length)}" : "")};";

    private string Actions(string[] names)
    {
        string[] resources = [.. entities, .. hasColor ? new[] { "Color" } : []];
        return $"action {names[0]};\n" + string.Concat(names[1..].Select(name =>
            $"action {name}{(random.Next(2) == 0 ? $" in [{names[0]}]" : "")} appliesTo {{ principal: [{Some(entities)}], resource: [{Some(resources)}], context: {(common.Length > 0 && random.Next(4) == 0 ? common[0] : Record(2, common.Length))} }};\n"));
    }

    /// <summary>Refers only to common types before that number, so that none contains itself.</summary>
    private string Record(int depth, int known) =>
        $"{{ {string.Join(", ", Attributes.Where(_ => random.Next(3) == 0).Select(name => $"{name}{(random.Next(2) == 0 ? "?" : "")}: {Type(depth, known)}"))} }}";

    private string Type(int depth, int known) => random.Next(10) switch
    {
        0 or 1 when depth > 0 => $"Set<{Type(depth - 1, known)}>",
        2 when depth > 0 => Record(depth - 1, known),
        3 when known > 0 => common[random.Next(known)],
        4 or 5 => hasColor && random.Next(5) == 0 ? "Color" : One(entities),
        _ => One(Scalars),
    };
}
