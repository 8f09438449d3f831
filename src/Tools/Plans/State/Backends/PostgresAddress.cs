using Npgsql;

namespace McpInfra.Tools.Plans.State.Backends;

/// <summary>The connection string of terraform's `pg` backend, a `postgres://` address or libpq's `key=value` pairs, as Npgsql wants it.</summary>
internal static class PostgresAddress
{
    private static readonly Dictionary<string, SslMode> SslModes = new(StringComparer.Ordinal)
    {
        ["disable"] = SslMode.Disable,
        ["allow"] = SslMode.Allow,
        ["prefer"] = SslMode.Prefer,
        ["require"] = SslMode.Require,
        ["verify-ca"] = SslMode.VerifyCA,
        ["verify-full"] = SslMode.VerifyFull,
    };

    /// <exception cref="StateException">It is neither.</exception>
    public static string Parse(string text, StateLimits limits)
    {
        var values = text.StartsWith("postgres://", StringComparison.Ordinal) || text.StartsWith("postgresql://", StringComparison.Ordinal) ? OfAddress(text) : OfPairs(text);
        var port = 5432;
        if (!values.TryGetValue("host", out var host) || host.Length == 0 || (values.TryGetValue("port", out var number) && !int.TryParse(number, out port)))
        {
            throw Fault();
        }

        return new NpgsqlConnectionStringBuilder
        {
            Host = host,
            Port = port,
            Database = values.GetValueOrDefault("dbname"),
            Username = values.GetValueOrDefault("user"),
            Password = values.GetValueOrDefault("password"),
            SslMode = SslModes.TryGetValue(values.GetValueOrDefault("sslmode", "require"), out var mode) ? mode : throw Fault(),
            RootCertificate = values.GetValueOrDefault("sslrootcert"),
            Options = "-c default_transaction_read_only=on",
            Timeout = 10,
            CommandTimeout = (int)limits.Time.TotalSeconds,
            ApplicationName = "mcp-infra",
            Pooling = false,
        }.ConnectionString;
    }

    private static Dictionary<string, string> OfAddress(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address))
        {
            throw Fault();
        }

        var login = address.UserInfo.Split(':', 2);
        var values = Pairs(address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString));
        Add(values, "host", address.Host.Trim('[', ']'));
        Add(values, "port", address.Port > 0 ? address.Port.ToString(System.Globalization.CultureInfo.InvariantCulture) : "");
        Add(values, "dbname", Uri.UnescapeDataString(address.AbsolutePath.TrimStart('/')));
        Add(values, "user", Uri.UnescapeDataString(login[0]));
        Add(values, "password", login.Length > 1 ? Uri.UnescapeDataString(login[1]) : "");
        return values;
    }

    private static Dictionary<string, string> OfPairs(string text) => Pairs(text.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static Dictionary<string, string> Pairs(IEnumerable<string> pairs)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            var sign = pair.IndexOf('=', StringComparison.Ordinal);
            values[sign > 0 ? pair[..sign] : throw Fault()] = pair[(sign + 1)..].Trim('\'');
        }

        return values;
    }

    private static void Add(Dictionary<string, string> values, string name, string value)
    {
        if (value.Length > 0)
        {
            values.TryAdd(name, value);
        }
    }

    private static StateException Fault() =>
        new("The variable that the stack's `backend.secret_env` names holds no PostgreSQL connection. Write it as postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=verify-full.");
}
