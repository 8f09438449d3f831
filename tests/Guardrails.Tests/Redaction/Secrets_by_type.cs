using System.Text.Json.Nodes;
using McpInfra.Guardrails.Redaction;
using Xunit;

namespace McpInfra.Guardrails.Tests.Redaction;

/// <summary>What its place says is a secret, whatever it is called and looks like.</summary>
public sealed class Secrets_by_type
{
    private static readonly Redactor Redactor = new(new SecretTokens(new byte[32]));

    [Theory]
    [InlineData("apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  username: YXBw\n  connection: aGFyYm9yIHZlbHZldCBvcmJpdA==\n", "aGFyYm9yIHZlbHZldCBvcmJpdA==", "YXBw")]
    [InlineData("apiVersion: v1\ndata:\n  connection: aGFyYm9yIHZlbHZldCBvcmJpdA==\nkind: Secret\n---\nkind: ConfigMap\ndata:\n  motto: aGFyYm9yIHZlbHZldA==\n", "aGFyYm9yIHZlbHZldCBvcmJpdA==", "aGFyYm9yIHZlbHZldA==")]
    [InlineData("{\"apiVersion\":\"v1\",\"data\":{\"connection\":\"aGFyYm9yIHZlbHZldCBvcmJpdA==\"},\"kind\":\"Secret\"}", "aGFyYm9yIHZlbHZldCBvcmJpdA==", "connection")]
    [InlineData("{\"kind\": \"Secret\", \"metadata\": {\"name\": \"a\"}, \"data\": {\"connection\": \"aGFyYm9yIHZlbHZldCBvcmJpdA==\"}}", "aGFyYm9yIHZlbHZldCBvcmJpdA==", "connection")]
    [InlineData("<RSAKeyValue><Modulus>m3Tk8vQz5wLr2Yp9</Modulus><Exponent>AQAB</Exponent><P>q7Rt2Wv8Ym4Kp6Zs1Xc3</P><D>h5Jd9Lb2Nf7Qg4Tw8Ve6</D></RSAKeyValue>", "h5Jd9Lb2Nf7Qg4Tw8Ve6", "m3Tk8vQz5wLr2Yp9")]
    [InlineData("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"m3Tk8vQz5wLr2Yp9aB\",\"d\":\"h5Jd9Lb2Nf7Qg4Tw8Ve6\"}", "h5Jd9Lb2Nf7Qg4Tw8Ve6", "m3Tk8vQz5wLr2Yp9aB")]
    [InlineData("POST https://hook.eu1.example.com/q7rt2wv8ym4kp6zs1xc3a9 by hand", "q7rt2wv8ym4kp6zs1xc3a9", "by hand")]
    [InlineData("https://fn.example.net/api/orders?code=q7Rt2Wv8Ym4Kp6Zs1Xc3h5Jd==&page=2", "q7Rt2Wv8Ym4Kp6Zs1Xc3h5Jd", "page=2")]
    [InlineData("see https://github.com/acme/webhooks/commit/30d277f7e8b474757ee0a902256e142a82b7319f for key-Zk3Qm20xY7Rt2Wv8Ym4K", "key-Zk3Qm20xY7Rt2Wv8Ym4K", "30d277f7e8b474757ee0a902256e142a82b7319f")]
    [InlineData("#cloud-config\nchpasswd:\n  list: |\n    root:harbor7Velvet\n    ubuntu:orbit4Maple\nruncmd: [ls]\n", "orbit4Maple", "runcmd: [ls]")]
    [InlineData("keytool -genkey -storepass harbor7velvet -keypass orbit4maple -alias a", "orbit4maple", "-alias a")]
    [InlineData("client.setGrantToken(\"q7Rt2Wv8Ym4Kp6Zs1Xc3\"); client.setScope(\"read-only-of-orders\");", "q7Rt2Wv8Ym4Kp6Zs1Xc3", "read-only-of-orders")]
    [InlineData("redis-cli -h cache get orders; redis-cli -a harbor7Velvet ping", "harbor7Velvet", "get orders")]
    [InlineData("radius-server host 10.1.1.5 auth-port 1812 key harbor7Velvet", "harbor7Velvet", "auth-port 1812")]
    [InlineData("db.internal:5432:orders:app:harbor7Velvet\n", "harbor7Velvet", "orders:app")]
    [InlineData("<AdministratorPassword>\n  <Value>harbor7Velvet</Value>\n</AdministratorPassword>", "harbor7Velvet", "<Value>")]
    [InlineData("password = \"\"\"harbor7Velvet\"\"\"\nport = 25", "harbor7Velvet", "port = 25")]
    [InlineData("MNEMONIC=\"harbor velvet orbit maple cactus ribbon glance timber frozen salmon copper puzzle\"", "copper puzzle", "MNEMONIC")]
    [InlineData("VAULT_ROLE_ID=30d277f7-e8b4-7475-7ee0-a902256e142a\nVAULT_SECRET_ID=82b7319f-30d2-77f7-e8b4-74757ee0a902\n", "82b7319f-30d2-77f7-e8b4-74757ee0a902", "30d277f7-e8b4-7475-7ee0-a902256e142a")]
    public void Is_masked_and_what_stands_beside_it_stays(string text, string secret, string beside)
    {
        var masked = Redactor.Text(text);
        Assert.DoesNotContain(secret, masked, StringComparison.Ordinal);
        Assert.Contains(beside, masked, StringComparison.Ordinal);
        Assert.Equal(masked, Redactor.Text(masked));
    }

    [Fact]
    public void Every_value_of_a_secrets_object_is_masked_but_a_users_name()
    {
        var masked = Redactor.Json(JsonNode.Parse("""{"kind":"Secret","stringData":{"motto":"plain words","username":"app"},"data":{"a":"YQ=="}}"""))!;
        Assert.StartsWith("[secret:kubernetes-secret:", masked["stringData"]!["motto"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.StartsWith("[secret:kubernetes-secret:", masked["data"]!["a"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("app", masked["stringData"]!["username"]!.GetValue<string>());
    }
}
