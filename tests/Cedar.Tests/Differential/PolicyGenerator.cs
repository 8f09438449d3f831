using System.Globalization;

namespace McpInfra.Cedar.Tests.Differential;

/// <summary>Writes policies for the generated world: mostly well typed, now and then not, in syntax of every form.</summary>
internal sealed class PolicyGenerator(Random random)
{
    private static readonly string[] Kinds = ["bool", "long", "string", "user", "doc", "decimal", "ip", "datetime", "duration", "longs", "strings", "users", "record"];

    public string Policy()
    {
        var conditions = string.Concat(Enumerable.Range(0, random.Next(3)).Select(_ => $" {One("when", "when", "unless")} {{ {Of("bool", 4)} }}"));
        return $"{One("permit", "permit", "permit", "permit", "permit", "forbid")}({Scope("principal", "User", "Group")}, {ActionScope()}, {Scope("resource", "N::Doc", "N::Folder", "N::Color")}){conditions};";
    }

    private string One(params ReadOnlySpan<string> choices) => choices[random.Next(choices.Length)];

    private string Uid(params ReadOnlySpan<string> types) => random.Next(25) == 0 ? GeneratedWorld.Uid(random).ToString() : GeneratedWorld.Uid(random, types).ToString();

    private string Scope(string variable, params string[] types) => random.Next(10) switch
    {
        < 4 => variable,
        < 6 => $"{variable} == {Uid(types)}",
        < 8 => $"{variable} in {Uid(types)}",
        8 => $"{variable} is {One(types)}",
        _ => $"{variable} is {One(types)} in {Uid(types)}",
    };

    private string ActionScope() => random.Next(5) switch
    {
        < 2 => "action",
        2 => $"action == {GeneratedWorld.Uid(random, "N::Action")}",
        3 => $"action in {GeneratedWorld.Uid(random, "N::Action")}",
        _ => $"action in [{string.Join(", ", Enumerable.Range(0, random.Next(1, 3)).Select(_ => GeneratedWorld.Uid(random, "N::Action")))}]",
    };

    private string Of(string kind, int depth)
    {
        if (random.Next(60) == 0)
        {
            kind = One(Kinds);
        }

        if (depth > 0 && random.Next(14) == 0)
        {
            return $"(if {Of("bool", depth - 1)} then {Of(kind, depth - 1)} else {Of(kind, depth - 1)})";
        }

        return kind switch
        {
            "bool" => Boolean(depth),
            "long" => Long(depth),
            "string" => depth > 0 && random.Next(2) == 0 ? One($"{Of("user", depth - 1)}.name", $"{Of("user", depth - 1)}.home.city", $"{Of("user", depth - 1)}.getTag({Of("string", 0)})", "resource.label.note") : Quoting.Quote(One(Pools.Texts)),
            "user" => depth > 0 ? One("principal", "principal", "resource.owner", $"{Of("user", depth - 1)}.boss", "context.who", Uid("User", "Group")) : One("principal", Uid("User")),
            "doc" => One("resource", "resource", Uid("N::Doc", "N::Folder", "N::Color")),
            "decimal" => random.Next(3) == 0 ? $"{Of("user", depth - 1)}.limit" : Call("decimal", Pools.Decimals),
            "ip" => random.Next(3) == 0 ? One("context.from", "principal.ip") : Call("ip", Pools.Ips),
            "datetime" => depth > 0 && random.Next(3) == 0 ? One($"{Of("datetime", depth - 1)}.offset({Of("duration", depth - 1)})", $"{Of("datetime", depth - 1)}.toDate()", "principal.joined", "context.at") : Call("datetime", Pools.Datetimes),
            "duration" => depth > 0 && random.Next(3) == 0 ? One($"{Of("datetime", depth - 1)}.durationSince({Of("datetime", depth - 1)})", $"{Of("datetime", depth - 1)}.toTime()", "principal.left") : Call("duration", Pools.Durations),
            "longs" => random.Next(3) == 0 ? One("resource.sizes", "context.list", "resource.getTag(\"x\")") : Set("long", depth),
            "strings" => random.Next(2) == 0 ? One("principal.roles", "principal.home.tags") : Set("string", depth),
            "users" => random.Next(2) == 0 ? "principal.friends" : Set("user", depth),
            _ => depth > 0 && random.Next(2) == 0 ? One("principal.home", "resource.label", "context") : $"{{{One("a", "\"b c\"", "zip")}: {Of("long", depth - 1)}, city: {Of("string", depth - 1)}}}",
        };
    }

    private string Call(string function, string[] pool) => $"{function}({(random.Next(40) == 0 ? Of("string", 1) : Quoting.Quote(One(random.Next(3) > 0 ? pool.AsSpan(0, Math.Min(pool.Length, 12)) : pool)))})";

    private string Set(string kind, int depth) => $"[{string.Join(", ", Enumerable.Range(0, random.Next(random.Next(12) == 0 ? 1 : 4) + (random.Next(15) == 0 ? 0 : 1)).Select(_ => Of(kind, depth - 1)))}]";

    private string Long(int depth)
    {
        var number = Pools.Numbers[random.Next(Pools.Numbers.Length)].ToString(CultureInfo.InvariantCulture);
        return depth <= 0
            ? number
            : random.Next(8) switch
            {
                0 or 1 => number,
                2 => $"({Of("long", depth - 1)} {One("+", "-", "*")} {Of("long", depth - 1)})",
                3 => $"-({Of("long", depth - 1)})",
                4 => $"{Of("user", depth - 1)}.{One("age", "age", "home.zip", "wage")}",
                5 => One("context.n", "resource.label.level", "resource[\"odd name\"]"),
                6 => $"{Of("duration", depth - 1)}.{One("toMilliseconds", "toSeconds", "toMinutes", "toHours", "toDays")}()",
                _ => $"--{Math.Abs((double)random.Next(5)).ToString(CultureInfo.InvariantCulture)}",
            };
    }

    private string Boolean(int depth)
    {
        if (depth <= 0)
        {
            return One("true", "false", "principal.active", "context.mfa", "principal has name", "context has mfa");
        }

        var next = depth - 1;
        return random.Next(24) switch
        {
            0 or 1 => $"({Of("bool", next)} && {Of("bool", next)})",
            2 or 3 => $"({Of("bool", next)} || {Of("bool", next)})",
            4 => $"!{Member(Of("bool", next))}",
            5 or 6 when One(Kinds) is var kind => $"({Of(kind, next)} {One("==", "!=")} {Of(kind, next)})",
            7 when One("long", "long", "datetime", "duration") is var kind => $"({Of(kind, next)} {One("<", "<=", ">", ">=")} {Of(kind, next)})",
            8 => $"({Of("user", next)} in {One(Uid("Group", "User"), Set("user", next), "action")})",
            9 => $"(resource in {One(Uid("N::Folder", "N::Doc"), $"[{Uid("N::Folder")}, {Uid("N::Folder")}]")})",
            10 => $"(action in {One("N::Action::\"read\"", "[N::Action::\"view\", N::Action::\"paint\"]", "action", "[action]", "N::Action::\"ghost\"", "resource")})",
            11 => $"({One(Of("user", next), "resource", "action")} is {One("User", "Group", "N::Doc", "N::Color", "N::Action", "Ghost")}{One("", "", " in " + Uid("Group", "N::Folder"))})",
            12 or 13 => Guarded(),
            14 => $"({One(Of("user", next), "resource", "context", Of("record", next))} has {One("name", "boss.name", "boss.boss.home.city", "home.city", "label.note", "mfa", "\"odd name\"", "wage", "age", "a")})",
            15 => $"({Of("string", next)} like \"{One(Pools.Patterns)}\")",
            16 => $"{One(Of("longs", next), "resource.sizes")}.contains({Of("long", next)})",
            17 when One("longs", "strings", "users") is var kind => $"{Of(kind, next)}.{One("containsAll", "containsAny")}({Of(kind, next)})",
            18 => $"{Of(One("longs", "strings", "users"), next)}.isEmpty()",
            19 => $"{Of("decimal", next)}.{One("lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual")}({Of("decimal", next)})",
            20 => $"{Of("ip", next)}.{One("isIpv4()", "isIpv6()", "isLoopback()", "isMulticast()", $"isInRange({Of("ip", next)})")}",
            21 => $"{One("principal", "resource", Of("user", next))}.hasTag({One("\"x\"", "\"y z\"", Of("string", next))})",
            _ => Of("bool", 0),
        };
    }

    private static string Member(string expression) => expression.StartsWith('(') ? expression : $"({expression})";

    private string Guarded() => One(
        "(principal has name && principal.name == \"a\")",
        "(principal has boss && principal.boss has name && principal.boss.name like \"a*\")",
        "(principal has home.city && principal.home.city != \"\")",
        "(resource has label.note && resource.label.note == \"x\")",
        "(principal.hasTag(\"x\") && principal.getTag(\"x\") like \"*a*\")",
        "(resource.hasTag(\"y z\") && resource.getTag(\"y z\").contains(1))",
        "(context has from && context.from.isInRange(ip(\"10.0.0.0/8\")))",
        "(context has mfa && (context.mfa || principal has name))",
        "(resource is N::Doc && resource.owner == principal)",
        "(principal is User && principal.age > 3)",
        "((principal has name || principal has name) && principal.name == \"\")",
        "(if context has at then context.at < datetime(\"2024-01-01\") else context has who)");
}
