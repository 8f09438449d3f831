using System.Collections.Frozen;

namespace McpInfra.Graph.Collectors.Oci;

/// <summary>Hosts of a realm: the commercial one, those of governments and of dedicated regions. A tenancy's OCID names its realm.</summary>
internal static class OciRealm
{
    private static readonly FrozenSet<string> Numbered = FrozenSet.ToFrozenSet(["oc8", "oc9", "oc10", "oc14", "oc15", "oc16", "oc17", "oc20", "oc21", "oc23", "oc24", "oc26", "oc27", "oc28", "oc29"]);

    /// <summary>The endpoint of a service in a region.</summary>
    /// <exception cref="SourceException">The realm is unknown: a signed request goes to no domain that is guessed.</exception>
    public static Uri Endpoint(string service, string region, string tenancy)
    {
        var domain = tenancy.Split('.') is ["ocid1", "tenancy", var realm, ..] ? Domain(realm) : null;
        return domain is null ? throw new SourceException("The tenancy's OCID names no realm that is known here; set the `endpoint` of the source.")
            : new Uri(service is "iaas" or "database" or "objectstorage" ? $"https://{service}.{region}.{domain}" : $"https://{service}.{region}.oci.{domain}");
    }

    private static string? Domain(string realm) => realm switch
    {
        "oc1" => "oraclecloud.com",
        "oc2" or "oc3" => "oraclegovcloud.com",
        "oc4" => "oraclegovcloud.uk",
        "oc19" => "oraclecloud.eu",
        _ => Numbered.Contains(realm) ? $"oraclecloud{realm[2..]}.com" : null,
    };
}
