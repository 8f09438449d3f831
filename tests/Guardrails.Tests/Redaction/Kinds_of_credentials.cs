using System.Globalization;
using System.Text.RegularExpressions;
using McpInfra.Guardrails.Redaction;
using Xunit;

namespace McpInfra.Guardrails.Tests.Redaction;

/// <summary>Credentials are made by seed, so that none stands in this file.</summary>
public sealed class Kinds_of_credentials
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const string Hexadecimal = "0123456789abcdef";

    private static readonly string[] Surroundings = ["{0}", "login {0} --yes", "{{\"a\":[\"{0}\"]}}", "401 for {0} at /v1", "line\\n{0}\\nline", "x;{0};y", "https://api.example.com/v1?x={0}&y=2"];

    public static TheoryData<string> OfIssuersNobodyToldUsOf => ["acme_live_@32", "acme_sk_#40", "orbt-@36", "qtok_v2_@44", "plt.pat.@40", "zz_secret_#32", "nimbus_pat_11@20_@40", "vnd_token_@40", "sk-bt-@40", "secret-live-@36"];

    public static TheoryData<string> OfKnownIssuers => ["ghp_@36", "npm_@36", "glpat-@20", "hf_@34", "SG.@22.@43", "dop_v1_#64", "sqp_#40", "snyk_uat.#8.@40", "mlsn.#64", "CCIPAT_@22_#40", "rzp_live_@14", "SK#32", "sha256~@43", "vcp_@56", "access_token$production$#16$#32", "pat@14.#64", "tskey-auth-@14-@32", "gta_#40"];

    public static TheoryData<string> ThatAreNone => ["sha256-@43=", "sha512-@86==", "pk_live_@32", "subnet-#17", "price_@24", "cus_@14", "diff-#64", "build-#40", "\"Id\": \"dt_@27\"", "arn:aws:x:y:z/lic-#32", "AKIAIOSFODNN7EXAMPLE", "main-component-of-the-service-in-production", "release_2026_11_22_candidate_number_three", "password: *default-password", "https://example.com/a?token=%24%7B%7B%20secrets.TOKEN%20%7D%7D", "[\"password\", \"token\", \"secret\"]"];

    public static TheoryData<string, string> InForms => new()
    {
        { "| Setting | Value |\n|---|---|\n| `JWT_SECRET` | `@40` |", "@40" },
        { "key,value\nDB_PASSWORD,@16\nregion,eu", "@16" },
        { "{\"parameters\":{\"adminPassword\":{\"value\":\"@16\"}}}", "@16" },
        { "secret_key_base: #128", "#128" },
        { "preshared_key = \"@32\"", "@32" },
        { "ASANA_PAT=1/1200000000000001:#32", "1/1200000000000001:#32" },
        { "UPTIMEROBOT_API_KEY=u123456-#24", "u123456-#24" },
        { "BEAMER_API_KEY: b_@44", "b_@44" },
        { "DISCORD_TOKEN=MTA@23.G@5.@38", "MTA@23.G@5.@38" },
        { "BWS_ACCESS_TOKEN=0.00000000-1111-2222-3333-444444444444.@30:@22==", "0.00000000-1111-2222-3333-444444444444.@30:@22==" },
        { "ADMIN_PASSWORD='*@14'", "*@14" },
        { "password: *x@5-Z9@7", "*x@5-Z9@7" },
        { "define('AUTH_KEY', '@48');", "@48" },
        { "INSERT INTO settings VALUES ('client_secret', '@40');", "@40" },
    };

    [Theory]
    [MemberData(nameof(OfIssuersNobodyToldUsOf))]
    [MemberData(nameof(OfKnownIssuers))]
    public void A_credential_is_covered_whole_whatever_stands_around_it(string shape)
    {
        foreach (var around in Surroundings)
        {
            for (var seed = 0; seed < 20; seed++)
            {
                var credential = Made(shape, seed);
                var text = string.Format(CultureInfo.InvariantCulture, around, credential);
                var from = text.IndexOf(credential, StringComparison.Ordinal);
                Assert.True(SecretScanner.Find(text).Any(span => span.Start <= from && span.End >= from + credential.Length), text);
            }
        }
    }

    // Without its prefix a credential may look like anything, and a prefix without a separator is chance in the middle of a word.
    [Theory]
    [MemberData(nameof(OfIssuersNobodyToldUsOf))]
    [MemberData(nameof(OfKnownIssuers))]
    public void Taking_a_character_away_reveals_no_credential_that_was_masked(string shape)
    {
        var redactor = new Redactor(new SecretTokens(new byte[32]));
        foreach (var around in Surroundings)
        {
            for (var seed = 0; seed < 5; seed++)
            {
                var credential = Made(shape, seed);
                var text = string.Format(CultureInfo.InvariantCulture, around, credential);
                var from = text.IndexOf(credential, StringComparison.Ordinal);
                var prefix = shape.IndexOfAny(['@', '#']);
                var glued = shape[..prefix].All(char.IsAsciiLetterOrDigit) ? 2 : 0;
                foreach (var at in Enumerable.Range(0, text.Length).Where(at => at < from - glued || at >= from + prefix))
                {
                    var shown = redactor.Text(text.Remove(at, 1));
                    Assert.False(Shows(shown, credential), $"{text} without {at}: {shown}");
                }
            }
        }
    }

    [Fact]
    public void Taking_a_character_away_reveals_no_web_token_and_no_key()
    {
        var redactor = new Redactor(new SecretTokens(new byte[32]));
        foreach (var (begin, end) in new[] { ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.", ""), ("-----BEGIN PRIVATE KEY-----\n", "\n-----END PRIVATE KEY-----\n") })
        {
            var secret = Made("@64", 5);
            for (var at = begin.StartsWith("eyJ", StringComparison.Ordinal) ? "eyJ".Length : begin.Length; at < begin.Length + secret.Length + end.Length; at++)
            {
                var shown = redactor.Text((begin + secret + end).Remove(at, 1));
                Assert.False(Shows(shown, secret), $"without {at}: {shown}");
            }
        }
    }

    [Theory]
    [InlineData("ghp_", "Zk3Zk3Zk3Zk3Zk3Zk3Zk3Zk3Zk3Zk3", "2isuzU")]
    [InlineData("npm_", "Qm20xY7xY7xY7xY7xY7xY7xY7xY7xY", "0ywF7i")]
    public void A_checksum_holds_of_the_very_token_alone(string prefix, string random, string checksum)
    {
        var token = prefix + random + checksum;
        Assert.True(Checksum.Holds(token));
        for (var at = prefix.Length; at < token.Length; at++)
        {
            Assert.False(Checksum.Holds(token.Remove(at, 1).Insert(at, token[at] == 'a' ? "b" : "a")));
            Assert.False(Checksum.Holds(token.Remove(at, 1)));
        }
    }

    [Theory]
    [InlineData("ghp_nameOfThePersonalTokenOfTheTeam")]
    [InlineData("npm_configurationOfTheRegistryOfTheTeam")]
    [InlineData("-----BEGIN PRIVATE KEY-----\n(the key, in lines of sixty-four)\n-----END PRIVATE KEY-----")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----")]
    public void What_has_neither_checksum_nor_material_stays(string text) => Assert.Empty(SecretScanner.Find($"see {text} for more"));

    [Theory]
    [InlineData("ghp_@36")]
    [InlineData("npm_@36")]
    public void A_token_whose_checksum_fails_is_masked_all_the_same_when_it_is_random_or_named(string shape)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            Assert.Single(SecretScanner.Find($"see {Made(shape, seed)} for more"));
        }

        Assert.Single(SecretScanner.Find("GITHUB_TOKEN=ghp_nameOfThePersonalTokenOfTheTeamAbCdEfGh"));
    }

    [Theory]
    [MemberData(nameof(ThatAreNone))]
    public void An_id_a_hash_a_public_key_or_a_name_stays(string shape)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            Assert.Empty(SecretScanner.Find($"see {Made(shape, seed)} for more"));
        }
    }

    [Theory]
    [MemberData(nameof(InForms))]
    public void A_value_is_found_by_its_name_in_tables_lists_and_templates(string form, string shape)
    {
        var text = Made(form, 3);
        var value = Made(shape, 3);
        Assert.Contains(SecretScanner.Find(text), span => text[span.Start..span.End] == value);
    }

    [Fact]
    public void More_than_eighty_kinds_are_known_by_format() => Assert.True(Formats.All.Select(format => format.Kind).Distinct().Count() > 80);

    [Fact]
    public void What_only_looks_like_a_web_token_is_read_without_a_fault()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            _ = SecretScanner.Find(Made("see eyJ@13=@5.@9 and eyJ@21.@8.@8 and eyJ@12-.@4", seed));
        }
    }

    // Whether half of it can be read in one piece.
    private static bool Shows(string shown, string credential)
    {
        var half = (credential.Length + 1) / 2;
        return Enumerable.Range(0, credential.Length - half + 1).Any(from => shown.Contains(credential.Substring(from, half), StringComparison.Ordinal));
    }

    // @n stands for n letters and digits, #n for n hexadecimal ones.
    private static string Made(string shape, int seed)
    {
        var random = new Random(seed);
        return Regex.Replace(shape, "([@#])([0-9]+)", match => random.GetString(match.Groups[1].Value == "@" ? Letters : Hexadecimal, int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture)));
    }
}
