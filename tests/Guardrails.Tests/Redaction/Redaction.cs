using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using McpInfra.Guardrails.Redaction;
using Xunit;

namespace McpInfra.Guardrails.Tests.Redaction;

public sealed class Redaction
{
    // Written in two halves, so that no scanner of repositories takes a test for a leak.
    private const string GitHub = "ghp_" + "q3Zk8VnT1xWcY7bR5mJp2LsD9fGhA4uE6oKi";
    private const string AwsSecret = "tR8x/Qm2Lz5Vw9Kp3Yb7" + "Nc1Hf6Jd4Sg0XaEuOiZy";
    private static readonly Redactor Redactor = new(new SecretTokens([.. Enumerable.Range(0, 32).Select(number => (byte)number)]));

    public static TheoryData<string, string> Secrets => new()
    {
        { GitHub, "git clone with {0} please" },
        { GitHub, "\"{{\\\"token\\\":\\\"{0}\\\"}}\"" },
        { GitHub, "x%3D{0}%26" },
        { "AKIA" + "QYLPMN5HFIQR7XYA", "id {0} used" },
        { AwsSecret, "aws_secret_access_key = {0}\n" },
        { AwsSecret, "\"SecretAccessKey\": \"{0}\"" },
        { AwsSecret, "aws configure set aws_secret_access_key {0}" },
        { "hunter2", "password = \"{0}\"" },
        { "hunter2", "DB_PASSWORD={0}\nUSER=x" },
        { "hunter2", "  db_password: {0}\n" },
        { "hunter2", "Server=db;Database=a;User ID=b;Password={0};Encrypt=true" },
        { "hunter2", "postgres://app:{0}@db.example.com/x" },
        { "hunter2", "{{\"name\": \"DB_PASSWORD\", \"value\": \"{0}\"}}" },
        { "hunter2", "- name: DB_PASSWORD\n  value: {0}\n" },
        { "hunter2", "variable \"db_password\" {{\n  default = \"{0}\"\n}}" },
        { "hunter2", "~ password = \"[secret:password:00000000]\" -> \"{0}\"" },
        { "hunter2", "mysql --password {0} -h x" },
        { "hunter2", "curl -u admin:{0} https://x.example" },
        { "hunter2", "echo 'root:{0}' | chpasswd" },
        { "hunter2", "CREATE USER a IDENTIFIED BY '{0}'" },
        { "hunter2", "machine x.example login me password {0}" },
        { "hunter2", "<Password>{0}</Password>" },
        { "hunter2", "パスワード: {0}" },
        { "Kd92mXlQp0vT", "{{\"Name\":\"/prod/db/password\",\"Type\":\"SecureString\",\"Value\":\"{0}\"}}" },
        { "eyJfcGVybQ.Zk3xQw.8sKd92mXlQp0vTz7YrW4", "Cookie: a=b; session={0}; c=d" },
        { "ZHJvbjpodW50ZXIy", "Authorization: Basic {0}" },
        { "q3Zk8VnT1xWcY7bR5mJp2LsD9fGh", "Authorization: Bearer {0}" },
        { "2f7c1d9a8b3e4f5061728394a5b6c7d8e9fa0b1c2d3e4f5061728394a5b6c7d8", "https://b.s3.amazonaws.com/k?X-Amz-Expires=60&X-Amz-Signature={0}" },
        { "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----", "key:\n{0}\n" },
        { "-----BEGIN PRIVATE KEY-----\\nMIIEpAIBAAKCAQEA\\n-----END PRIVATE KEY-----", "\"k\": \"{0}\\n\"" },
        { "-----BEGIN EC PRIVATE KEY-----\nMIIEpAIBAAKCAQEA", "cut off:\n{0}" },
        { Convert.ToBase64String("#!/bin/sh\nexport DB_PASSWORD=hunter2\n"u8), "user_data = \"{0}\"" },
    };

    [Fact]
    public void A_word_is_no_secret_by_any_scan() => Gen.OneOf(Among([.. Formats.Prefixes]), Gen.String[Gen.Char['A', 'z'], 0, 15], Among("password", "bearer", "token", "eyJhbGci"))
        .Array[1, 4].Select(pieces => string.Concat(string.Concat(pieces).Where(char.IsAsciiLetter).Take(15))).Where(word => word.Length >= 4)
        .Sample(word => SecretScanner.Find(word, 0).Count == 0);

    [Theory]
    [MemberData(nameof(Secrets))]
    public void Known_secrets_are_masked_wherever_they_stand(string secret, string around)
    {
        var text = string.Format(System.Globalization.CultureInfo.InvariantCulture, around, secret);
        Assert.DoesNotContain(secret, Redactor.Text(text), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Secrets))]
    public void Redacting_twice_equals_redacting_once(string secret, string around)
    {
        var once = Redactor.Text(string.Format(System.Globalization.CultureInfo.InvariantCulture, around, secret));
        Assert.Equal(once, Redactor.Text(once));
    }

    [Theory]
    [InlineData("arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf")]
    [InlineData("commit 2f2ca70ef3ae2487fb9743a310e564a1c615de00")]
    [InlineData("lineage = \"c8a8f917-9aad-9618-7e65-0c016452f1db\"")]
    [InlineData("image: registry.example.com/a@sha256:d57c1e37b3a005d57c1e37b3a005d57c1e37b3a005d57c1e37b3a005d57c1e37")]
    [InlineData("plan_0123456789abcdefghjkmn i-0123456789abcdef0 vpc-8b392bc5889370e48")]
    [InlineData("password = var.db_password")]
    [InlineData("password: ${{ secrets.DEPLOY }}")]
    [InlineData("password_policy: minimum 14 characters")]
    [InlineData("secretName: my-app-secret")]
    [InlineData("token: <YOUR_TOKEN>")]
    [InlineData("password = \"********\"")]
    [InlineData("+ password = (sensitive value)")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMIIEpAIBAAKCAQEA\n-----END CERTIFICATE-----")]
    [InlineData("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGVr0r7d2bL me@host")]
    [InlineData("error if no password is defined; a metric identified by its name")]
    [InlineData("aws x --client-token \"02ccb92b-33e8-4dfa-a0c1-35b181ed26b0\" --secret-id MyTestSecret")]
    [InlineData("copy all between `-----BEGIN PRIVATE KEY-----` and the last line")]
    [InlineData("await page(scope, token => client.ListKeysAsync(new ListKeysRequest { Marker = token }));")]
    [InlineData("var token = File.ReadAllText(path).Trim(); var credentials = names.ToFrozenSet(StringComparer.Ordinal);")]
    [InlineData("KeyId: alias/app, Key: Name, sort key: created")]
    [InlineData("Bearer authentication is required; the token is read from the environment")]
    public void Ordinary_ids_references_and_placeholders_stay(string text) => Assert.Same(text, Redactor.Text(text));

    [Fact]
    public void An_invisible_character_inside_a_secret_does_not_hide_it() =>
        Assert.DoesNotContain("R5mJp2LsD9fGhA4uE6oKi", Redactor.Text("x " + GitHub.Insert(12, "\u200b")), StringComparison.Ordinal);

    [Fact]
    public void Json_is_masked_by_format_by_name_and_in_keys()
    {
        using var json = JsonDocument.Parse($$"""{"edits":[{"content":"password = \"hunter2\""}],"{{GitHub}}":1,"apiKey":"Zx81Kq55Lm","n":null,"t":true}""");
        var masked = Redactor.Json(json.RootElement)!.ToJsonString();
        Assert.DoesNotContain("hunter2", masked, StringComparison.Ordinal);
        Assert.DoesNotContain(GitHub, masked, StringComparison.Ordinal);
        Assert.DoesNotContain("Zx81Kq55Lm", masked, StringComparison.Ordinal);
        Assert.Contains("\"n\":null", masked, StringComparison.Ordinal);
    }

    [Fact]
    public void No_arguments_stay_none() => Assert.Null(Redactor.Json(default(JsonElement)));

    [Fact]
    public void Two_keys_with_one_mask_keep_both_values() =>
        Assert.Equal(2, Redactor.Json((JsonNode)new JsonObject { [$"a {GitHub}"] = 1, ["b"] = 2 })!.AsObject().Count);

    [Fact]
    public void Any_text_is_masked_to_a_text_that_stays()
    {
        string[] pieces = ["password", "=", ":", " ", "\"", "\\", "\n", "token", "hunter2", GitHub, "[secret:github:00000000]", "://", "@", "a:b", "Bearer ", "-----BEGIN PRIVATE KEY-----", "-----END", "$", "{", "}", "->", "eyJ", "sig=", "\u200b", "\ud800", "é", "curl -u ", "value", "AKIA"];
        Gen.Int[0, pieces.Length - 1].Select(index => pieces[index]).Array[0, 30].Select(string.Concat).Sample(text =>
        {
            var once = Redactor.Text(text);
            return Redactor.Text(once) == once;
        }, iter: 20_000);
    }

    private static Gen<string> Among(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);
}
