using static McpInfra.Guardrails.Redaction.Alphabet;

namespace McpInfra.Guardrails.Redaction;

/// <summary>The kinds of credential that are known by their prefix, from their issuers' public documentation.</summary>
internal static class Formats
{
    private static readonly System.Buffers.SearchValues<char> HexOrHyphen = System.Buffers.SearchValues.Create("0123456789abcdefABCDEF-");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Format> All { get; } =
    [
        new("AKIA", "aws-key-id", UpperDigit, 16, Exactly(20)), new("ASIA", "aws-key-id", UpperDigit, 16, Exactly(20)),
        new("ABIA", "aws-key-id", UpperDigit, 16, Exactly(20)), new("ACCA", "aws-key-id", UpperDigit, 16, Exactly(20)),
        new("IQoJb3JpZ2lu", "aws-session", Base64, 60), new("FwoGZXIvYXdz", "aws-session", Base64, 60), new("FQoGZXIvYXdz", "aws-session", Base64, 60),
        new("ABSK", "aws-bedrock", Base64, 80), new("bedrock-api-key-", "aws-bedrock", Base64, 40),
        new("AIza", "google-api", Word, 32), new("GOCSPX-", "google-oauth", Word, 20), new("ya29.", "google-oauth", Dotted, 20), new("1//0", "google-refresh", Word, 30),
        new("ghp_", "github", Alnum, 30, Checked), new("gho_", "github", Alnum, 30, Checked), new("ghu_", "github", Alnum, 30, Checked), new("ghs_", "github", Dotted, 30, Checked), new("ghr_", "github", Alnum, 30, Checked),
        new("github_pat_", "github", Word, 30),
        new("glpat-", "gitlab", Dotted, 18), new("gldt-", "gitlab", Dotted, 18), new("glrt-", "gitlab", Dotted, 18), new("glcbt-", "gitlab", Dotted, 18),
        new("glptt-", "gitlab", Dotted, 18), new("glft-", "gitlab", Dotted, 18), new("glsoat-", "gitlab", Dotted, 18), new("glagent-", "gitlab", Dotted, 18),
        new("glimt-", "gitlab", Dotted, 18), new("gloas-", "gitlab", Dotted, 18), new("glffct-", "gitlab", Dotted, 18), new("GR1348941", "gitlab", Word, 18),
        new("ATBB", "bitbucket", Alnum, 24), new("ATATT3xFfGF0", "atlassian", Base64, 40), new("ATCTT3xFfGF0", "atlassian", Base64, 40),
        new("npm_", "npm", Alnum, 30, Checked), new("pypi-AgE", "pypi", Word, 40), new("rubygems_", "rubygems", Hex, 40), new("oy2", "nuget", LowerDigit, 43, Exactly(46)),
        new("dckr_pat_", "docker", Word, 20), new("dckr_oat_", "docker", Word, 20), new("CLOJARS_", "clojars", Alnum, 50), new("cio", "crates", Alnum, 32, Exactly(35)),
        new("xoxb-", "slack", Word, 20), new("xoxp-", "slack", Word, 20), new("xoxa-", "slack", Word, 20), new("xoxr-", "slack", Word, 20), new("xoxs-", "slack", Word, 20),
        new("xoxe-", "slack", Word, 20), new("xoxe.", "slack", Dotted, 20), new("xoxc-", "slack", Word, 20), new("xoxd-", "slack", Base64, 20), new("xapp-", "slack", Word, 20),
        new("sk_live_", "stripe", Alnum, 16), new("sk_test_", "stripe", Alnum, 16), new("rk_live_", "stripe", Alnum, 16), new("rk_test_", "stripe", Alnum, 16), new("whsec_", "webhook", Base64, 24),
        new("sk-ant-", "anthropic", Word, 30), new("sk-proj-", "openai", Word, 30), new("sk-svcacct-", "openai", Word, 30), new("sk-admin-", "openai", Word, 30),
        new("sk-or-v1-", "openrouter", Hex, 40), new("sk-", "openai", Alnum, 32), new("sk_", "key", Hex, 40), new("hf_", "huggingface", Alnum, 30), new("api_org_", "huggingface", Alnum, 30),
        new("r8_", "replicate", Alnum, 32), new("gsk_", "groq", Alnum, 40), new("xai-", "xai", Alnum, 60), new("pplx-", "perplexity", Alnum, 40), new("pcsk_", "pinecone", Word, 40),
        new("lsv2_pt_", "langsmith", Word, 36), new("lsv2_sk_", "langsmith", Word, 36), new("tgp_v1_", "together", Word, 30), new("nvapi-", "nvidia", Word, 40), new("jina_", "jina", Word, 40),
        new("dop_v1_", "digitalocean", Hex, 40), new("doo_v1_", "digitalocean", Hex, 40), new("dor_v1_", "digitalocean", Hex, 40), new("DO00", "digitalocean", UpperDigit, 16, Exactly(20)),
        new("HRKU-", "heroku", Word, 36), new("nfp_", "netlify", Alnum, 30), new("vercel_blob_rw_", "vercel", Word, 30), new("FlyV1 ", "fly", Base64, 40), new("fo1_", "fly", Word, 40),
        new("fm1r_", "fly", Base64, 40), new("fm2_", "fly", Base64, 40), new("rnd_", "render", Alnum, 28), new("sbp_", "supabase", Hex, 40), new("sb_secret_", "supabase", Word, 20),
        new("pscale_tkn_", "planetscale", Dotted, 30), new("pscale_pw_", "planetscale", Dotted, 30), new("pscale_oauth_", "planetscale", Dotted, 30), new("napi_", "neon", Alnum, 40),
        new("dapi", "databricks", Word, 32, text => text.Length <= 39 && !text[4..].ContainsAnyExcept(HexOrHyphen)), new("v1.0-", "cloudflare", Word, 100), new("cfut_", "cloudflare", Word, 30),
        new("dp.pt.", "doppler", Alnum, 30), new("dp.st.", "doppler", Dotted, 30), new("dp.ct.", "doppler", Alnum, 30), new("dp.sa.", "doppler", Alnum, 30), new("dp.scim.", "doppler", Alnum, 30), new("dp.audit.", "doppler", Alnum, 30),
        new("hvs.", "vault", Word, 24), new("hvb.", "vault", Word, 24), new("hvr.", "vault", Word, 24), new("pul-", "pulumi", Hex, 40), new("ico-", "infracost", Alnum, 32),
        new("RWRTY0Iy", "minisign", Base64, 100), new("xprv", "wallet", Alnum, 107, Exactly(111)), new("SWMTKN-1-", "docker", Word, 60), new("AVNS_", "aiven", Word, 16), new("CfDJ8", "aspnet-cookie", Base64, 60), new("AGE-SECRET-KEY-1", "age", UpperDigit, 50), new("ops_eyJ", "1password", Base64, 100), new("A3-", "1password", Word, 30, Upper), new("tskey-", "tailscale", Word, 20),
        new("glc_", "grafana", Base64, 32), new("glsa_", "grafana", Word, 32), new("eyJrIjoi", "grafana", Base64, 60),
        new("NRAK-", "newrelic", UpperDigit, 24), new("NRJS-", "newrelic", Hex, 19), new("NRII-", "newrelic", Word, 30), new("NRAA-", "newrelic", Hex, 24), new("NRRA-", "newrelic", Hex, 40),
        new("sntrys_", "sentry", Base64, 40), new("sntryu_", "sentry", Hex, 60), new("hcaik_", "honeycomb", Alnum, 50), new("hcbik_", "honeycomb", Alnum, 50), new("dt0c01.", "dynatrace", Dotted, 80),
        new("SG.", "sendgrid", Dotted, 60), new("key-", "mailgun", Hex, 32, Exactly(36)), new("xkeysib-", "brevo", Word, 60), new("xsmtpsib-", "brevo", Word, 60), new("re_", "resend", Word, 30),
        new("lin_api_", "linear", Alnum, 32), new("lin_oauth_", "linear", Alnum, 32), new("ntn_", "notion", Alnum, 40), new("secret_", "notion", Alnum, 43, Exactly(50)), new("figd_", "figma", Word, 36), new("figo_", "figma", Word, 36),
        new("shpat_", "shopify", Hex, 32), new("shpca_", "shopify", Hex, 32), new("shppa_", "shopify", Hex, 32), new("shpss_", "shopify", Hex, 32),
        new("sq0atp-", "square", Word, 22), new("sq0csp-", "square", Word, 40), new("EAAA", "square", Word, 60), new("access_token$production$", "paypal", Dollar, 40), new("access_token$sandbox$", "paypal", Dollar, 40),
        new("access-production-", "plaid", Word, 36), new("access-sandbox-", "plaid", Word, 36), new("GOOG1E", "google-hmac", UpperDigit, 50), new("EAAG", "facebook", Alnum, 80), new("EAAB", "facebook", Alnum, 80), new("EAACEdEose0cBA", "facebook", Alnum, 20),
        new("PMAK-", "postman", Word, 50), new("CFPAT-", "contentful", Word, 40), new("rdme_", "readme", LowerDigit, 60), new("EZAK", "easypost", Alnum, 54), new("EZTK", "easypost", Alnum, 54),
        new("duffel_live_", "duffel", Word, 40), new("duffel_test_", "duffel", Word, 40), new("fio-u-", "frameio", Word, 60), new("FLWSECK", "flutterwave", Word, 30),
        new("pnu_", "prefect", Alnum, 36), new("sgp_", "sourcegraph", Word, 40), new("slk_", "sourcegraph", Hex, 60), new("waka_", "wakatime", Word, 36), new("AKCp", "artifactory", Alnum, 60),
        new("cmVmdGtu", "artifactory", Base64, 50), new("sqp_", "sonar", Hex, 40), new("squ_", "sonar", Hex, 40), new("sqa_", "sonar", Hex, 40), new("CCIPAT_", "circleci", Word, 40), new("CCIPRJ_", "circleci", Word, 40),
        new("bkua_", "buildkite", Hex, 40), new("sdk-", "launchdarkly", Word, 36, Uuid(4)), new("mob-", "launchdarkly", Word, 36, Uuid(4)), new("api-", "launchdarkly", Word, 36, Uuid(4)),
        new("sk.eyJ", "mapbox", Dotted, 60), new("LTAI", "alibaba", Alnum, 16), new("AKID", "tencent", Alnum, 30), new("AQVN", "yandex", Word, 34), new("y0_", "yandex", Word, 50), new("t1.", "yandex", Dotted, 90), new("SCW", "scaleway", UpperDigit, 17, Exactly(20)),
        new("ory_pat_", "ory", Alnum, 30), new("phx_", "posthog", Word, 40),
        new("SK", "twilio", Hex, 32, text => text.Length is >= 33 and <= 35 && !text[2..].ContainsAnyInRange('A', 'Z')), new("rzp_live_", "razorpay", Alnum, 14), new("rzp_test_", "razorpay", Alnum, 14), new("AKLT", "volcengine", Alnum, 40), new("sha256~", "openshift", Word, 40),
        new("API-", "octopus", UpperDigit, 26, Exactly(30)), new("API-", "octopus", UpperDigit, 30, Exactly(34)), new("sm_pat_", "settlemint", Alnum, 16), new("sm_aat_", "settlemint", Alnum, 16), new("fc-", "firecrawl", Hex, 32, Exactly(35)),
        new("aio_", "adafruit", Alnum, 28, Exactly(32)), new("sl.", "dropbox", Word, 100), new("ser.", "flagsmith", Alnum, 20, Exactly(24)), new("essu_", "elastic", Alnum, 40), new("vcp_", "vercel", Alnum, 24), new("vci_", "vercel", Alnum, 24), new("vck_", "vercel", Alnum, 24),
        new("snyk_uat.", "snyk", Dotted, 40), new("mlsn.", "mailersend", Hex, 60), new("unkey_", "unkey", Alnum, 20), new("CCDB1_", "cockroach", Word, 50), new("cflt", "confluent", Base64, 60, Exactly(64)), new("hvsb.", "vault", Word, 24), new("configcat-sdk-1/", "configcat", Base64, 40),
        new("sk-lf-", "langfuse", Word, 36), new("sk-helicone-", "helicone", Word, 28), new("dnkey-", "defined", Word, 60), new("ak_", "ngrok", Alnum, 30, Exactly(33)), new("cr_", "ngrok", Alnum, 30, Exactly(33)), new("zpka_", "zuplo", Word, 40), new("tk-us-", "scalingo", Word, 48),
        new("akab-", "akamai", Dotted, 33), new("K00", "backblaze", Base64, 28, text => text.Length is >= 30 and <= 32 && text.ContainsAnyInRange('a', 'z') && text.ContainsAnyInRange('A', 'Z')), new("s-s4t2ud-", "intra42", Hex, 64), new("pat", "airtable", Dotted, 79, text => text.Length >= 81 && Digits(text) && text.Count('.') <= 1 && text[16..19].Contains('.') == text.Contains('.')), new("gta_", "gitea", Hex, 40), new("gto_", "gitea", Hex, 40),
        .. Discord.Prefixes.Select(prefix => new Format(prefix, "discord", Dotted, 55, Discord.Holds)),
        new("nsec1", "nostr", LowerDigit, 55), new("4/0A", "google", Word, 60),
        new("pat-na1-", "hubspot", Word, 36), new("pat-eu1-", "hubspot", Word, 36), new("fw_", "fireworks", Alnum, 22, Exactly(25)),
    ];

    /// <summary>How tokens name them.</summary>
    public static IReadOnlySet<string> Kinds { get; } = All.Select(format => format.Kind).ToHashSet();

    /// <summary>Every prefix.</summary>
    public static IReadOnlyList<string> Prefixes { get; } = [.. All.Select(format => format.Prefix).Distinct()];

    /// <summary>The formats by their first character, longest prefix first.</summary>
    public static Format[][] ByFirst { get; } = [.. Enumerable.Range(0, 128).Select(first => All.Where(format => format.Prefix[0] == first).OrderByDescending(format => format.Prefix.Length).ToArray())];

    private static bool Digits(ReadOnlySpan<char> text)
    {
        var digits = 0;
        foreach (var letter in text)
        {
            digits += char.IsAsciiDigit(letter) ? 1 : 0;
        }

        return digits > 3;
    }

    private static bool Upper(ReadOnlySpan<char> text) => !text.ContainsAnyInRange('a', 'z');

    // A token whose checksum fails may be one that was cut or mistyped; without a digit it is a name.
    private static bool Checked(ReadOnlySpan<char> text) => Checksum.Holds(text) || text.ContainsAnyInRange('0', '9');

    // One that has lost or gained a character gives away as much.
    private static Demand Exactly(int length) => text => Math.Abs(text.Length - length) <= 1;

    private static Demand Uuid(int from) => text => text.Length - from is >= 35 and <= 37 && text[from..].Count('-') is >= 3 and <= 4 && !text[from..].ContainsAnyExcept(HexOrHyphen);
}
