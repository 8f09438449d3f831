namespace McpInfra.Guardrails.Audit;

/// <summary>Where the trail of a state folder lies.</summary>
/// <param name="Path">The folder `audit` of a state folder.</param>
/// <param name="Keys">The folder `keys` beside it.</param>
internal sealed record AuditFolder(string Path, string Keys)
{
    /// <summary>The trail of a state folder.</summary>
    public static AuditFolder Of(string stateFolder) => new(System.IO.Path.Combine(stateFolder, "audit"), System.IO.Path.Combine(stateFolder, "keys"));

    /// <summary>The trail in a folder that a person named: a state folder, or its audit folder alone.</summary>
    public static AuditFolder Named(string folder)
    {
        var whole = System.IO.Path.GetFullPath(folder);
        return !Directory.Exists(System.IO.Path.Combine(whole, "audit")) && File.Exists(System.IO.Path.Combine(whole, "index.json"))
            ? new AuditFolder(whole, System.IO.Path.Combine(System.IO.Path.GetDirectoryName(whole) ?? whole, "keys"))
            : Of(whole);
    }

    public string Index => In("index.json");

    public string IndexLock => In("index.lock");

    public string RecoveryLock => In("recovery.lock");

    public string PrivateKey => System.IO.Path.Combine(Keys, "audit.key");

    public string PublicKey => System.IO.Path.Combine(Keys, "audit.pub");

    public string Records(string writer) => In(writer + ".jsonl");

    public string Head(string writer) => In(writer + ".head");

    public string Lock(string writer) => In(writer + ".lock");

    /// <summary>Names of the writers whose records are there, indexed or not.</summary>
    public IEnumerable<string> Writers() =>
        Directory.EnumerateFiles(Path, "*.jsonl").Select(file => System.IO.Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
