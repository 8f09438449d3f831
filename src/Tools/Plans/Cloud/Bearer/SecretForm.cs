using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Bearer;

/// <summary>How one type of resource answers one read of a secret: a line of a cloud's `answers.txt`.</summary>
/// <param name="Method">HTTP method of the read.</param>
/// <param name="Of">What the id before it is of: a type of resource, or a service.</param>
/// <param name="Suffix">What follows the id in the path; empty for nothing.</param>
/// <param name="Type">Terraform type of the resource.</param>
/// <param name="Template">The answer.</param>
internal sealed record SecretForm(string Method, string Of, string Suffix, string Type, JsonObject Template)
{
    /// <summary>How its cloud compares ids.</summary>
    public required StringComparison Comparison { get; init; }

    /// <summary>What an id of the state and one of a request are compared by.</summary>
    public bool IsOf(string? held, string id) => id.Equals(held, Comparison);

    /// <summary>The answer of an instance; null when it holds none of it.</summary>
    public GateReply? Reply(JsonObject held) =>
        new AnswerTemplate(held).Fill(Template) is { } answer ? SecretRead.Json(Template["$status"]?.GetValue<int>() ?? 200, answer) : null;

    /// <summary>The read of a secret that a request is; null when it is none.</summary>
    /// <param name="forms">Those of its cloud.</param>
    /// <param name="method">HTTP method.</param>
    /// <param name="path">Its path, as ids of its cloud begin.</param>
    /// <param name="of">What an id is of.</param>
    public static SecretRead? Find(IEnumerable<SecretForm> forms, string method, string path, Func<string, string?> of)
    {
        var found = forms.Where(form => form.Method == method && path.EndsWith(form.Suffix, form.Comparison)).Select(form => (form, Id: path[..^form.Suffix.Length])).Where(one => one.form.Of.Equals(of(one.Id), one.form.Comparison)).ToList();
        return found.Count == 0 ? null : new SecretRead(found);
    }

    /// <summary>A hash over forms.</summary>
    public static string Mark(IEnumerable<SecretForm> forms) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', forms.Select(form => $"{form.Method} {form.Of} {form.Suffix} {form.Type} {form.Template.ToJsonString()}")))));

    /// <summary>The lines of a table: method, what it is of, suffix or `-`, types, template.</summary>
    /// <param name="name">Such as `Azure.answers.txt`.</param>
    /// <param name="comparison">How its cloud compares ids.</param>
    public static IReadOnlyList<SecretForm> Shipped(string name, StringComparison comparison) =>
    [
        .. from line in CloudTable.Text(name).Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')
           let words = line.Split(' ', 5, StringSplitOptions.RemoveEmptyEntries)
           from type in words[3].Split(',')
           select new SecretForm(words[0], words[1], words[2] == "-" ? "" : words[2], type, (JsonObject)JsonNode.Parse(words[4])!) { Comparison = comparison },
    ];
}
