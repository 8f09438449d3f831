using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace McpInfra.Graph.Collectors.State;

/// <summary>Names and values that look like secrets; what looks like one is never stored.</summary>
internal static partial class SecretShapes
{
    private static readonly SearchValues<char> WordEnds = SearchValues.Create(" \t\r\n\"'`,;)");

    public static bool IsSecretName(string name) => Names().IsMatch(name);

    public static bool IsSecretValue(string value) => Values().IsMatch(value);

    /// <summary>Whether the text stands for a value that somebody masked.</summary>
    public static bool IsStandIn(string value) => value.Contains("[secret:", StringComparison.Ordinal) || value.Contains("[masked]", StringComparison.Ordinal) || value is "(sensitive value)" or "(sensitive)" or "***";

    /// <summary>The text with what looks like a secret masked to the end of its word, or to the end of the text where a key begins.</summary>
    public static string Masked(string text)
    {
        return Assignments().Replace(MaskedValues(text), match => match.Groups[1].Value + "[masked]");
    }

    private static string MaskedValues(string text)
    {
        if (!Values().IsMatch(text))
        {
            return text;
        }

        var masked = new StringBuilder();
        var at = 0;
        foreach (Match match in Values().Matches(text))
        {
            if (match.Index >= at)
            {
                masked.Append(text, at, match.Index - at).Append("[masked]");
                var end = match.Value.StartsWith("-----BEGIN", StringComparison.Ordinal) ? -1 : text.AsSpan(match.Index + match.Length).IndexOfAny(WordEnds);
                at = end < 0 ? text.Length : match.Index + match.Length + end;
            }
        }

        return masked.Append(text, at, text.Length - at).ToString();
    }

    [GeneratedRegex("passw|passphrase|passwd|\\bpwd\\b|secret|token|credential|api_?key|access_?key|private_?key|signing_?key|encryption_?key$|connection_?string|conn_?str|kubeconfig|user_?data|cert(ificate)?_pem|^dsn$|_dsn$|^auth$|authorization|cookie|^pin$|salt|master_key$|sas_?url", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Names();

    // What is set to a name that says so, when it does not read as a word.
    [GeneratedRegex(@"(\b[\w.-]{0,40}(?:passw(?:or)?d|passphrase|secret|token|api_?key|access_?key)[\w.-]{0,20}[""']?\s{0,3}[:=]\s{0,3}[""']?)(?!\[masked)(?=[^\s""']{0,40}[0-9])[^\s""',;]{6,200}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Assignments();

    [GeneratedRegex(@"-----BEGIN|\b(AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_\w{30,}|\bglpat-[\w-]{20}|\bxox[abeoprs]-[\w-]{10,}|\bsk[-_](live|test|ant|proj)?[-_]?\w{20,}|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}|\bAIza[\w-]{35}|\bya29\.[\w-]{20,}|\bhvs\.\w{20,}|://[^/\s:@]+:[^/\s@]+@|AccountKey=|SharedAccessSignature|[?&]sig=|\bSG\.[\w-]{16,}\.[\w-]{16,}", RegexOptions.CultureInvariant)]
    private static partial Regex Values();
}
