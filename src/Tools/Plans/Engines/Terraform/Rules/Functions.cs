namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>Terraform's functions by what they do to a plan. Source: `terraform metadata functions -json` of terraform 1.11, and the function reference up to 1.14.</summary>
internal static class Functions
{
    private static readonly HashSet<string> Plain = [.. """
        abs alltrue anytrue base64decode base64encode base64gzip base64sha256 base64sha512 basename can ceil chomp chunklist cidrhost cidrnetmask cidrsubnet
        cidrsubnets coalesce coalescelist compact concat contains csvdecode dirname distinct element endswith ephemeralasnull flatten floor format formatdate
        formatlist indent index issensitive join jsondecode jsonencode keys length list log lookup lower map matchkeys max md5 merge min nonsensitive one parseint
        pow range regex regexall replace reverse rsadecrypt sensitive setintersection setproduct setsubtract setunion sha1 sha256 sha512 signum slice sort split
        startswith strcontains strrev substr sum textdecodebase64 textencodebase64 timeadd timecmp title tobool tolist tomap tonumber toset tostring
        transpose trim trimprefix trimspace trimsuffix try type upper urlencode uuidv5 values yamldecode yamlencode zipmap
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];

    // Words of type constraints, which read like calls.
    private static readonly HashSet<string> Types = ["object", "optional", "set", "tuple"];

    private static readonly HashSet<string> Changing = ["abspath", "bcrypt", "fileexists", "fileset", "pathexpand", "plantimestamp", "timestamp", "uuid"];

    private static readonly HashSet<string> Reading =
    [
        "file", "filebase64", "filebase64sha256", "filebase64sha512", "filemd5", "filesha1", "filesha256", "filesha512", "templatefile",
    ];

    // Functions of official providers, all of them pure.
    private static readonly Dictionary<string, string[]> OfProviders = new(StringComparer.Ordinal)
    {
        ["terraform.io/builtin/terraform"] = ["encode_tfvars", "decode_tfvars", "encode_expr"],
        ["hashicorp/aws"] = ["arn_build", "arn_parse", "trim_iam_role_path", "user_agent"],
        ["hashicorp/azurerm"] = ["normalise_resource_id", "parse_resource_id"],
        ["hashicorp/google"] = GoogleFunctions,
        ["hashicorp/google-beta"] = GoogleFunctions,
        ["hashicorp/kubernetes"] = ["manifest_decode", "manifest_decode_multi", "manifest_encode"],
        ["hashicorp/time"] = ["duration_parse", "rfc3339_parse", "unix_timestamp_parse"],
    };

    private static string[] GoogleFunctions => ["location_from_id", "name_from_id", "project_from_id", "region_from_id", "region_from_zone", "zone_from_id"];

    /// <summary>The name without terraform's own namespace: `core::file` is `file`.</summary>
    public static string Plainly(string name) => name.StartsWith("core::", StringComparison.Ordinal) ? name[6..] : name;

    /// <summary>Whether it is known.</summary>
    public static bool IsKnown(string name) => Plain.Contains(name) || Types.Contains(name) || Changing.Contains(name) || Reading.Contains(name);

    /// <summary>Whether it reads the content of a file.</summary>
    public static bool Reads(string name) => Reading.Contains(name);

    /// <summary>Whether its first argument is a path within the tree.</summary>
    public static bool TakesPath(string name) => Reads(name) || name is "fileset" or "fileexists";

    /// <summary>Whether it may give another value in CI than here.</summary>
    public static bool Changes(string name) => Changing.Contains(name);

    /// <summary>Whether a provider of that source has it, and it is pure.</summary>
    public static bool IsOf(string source, string name) => OfProviders.TryGetValue(source, out var names) && names.Contains(name);
}
