using System.Collections.Frozen;

namespace McpInfra.Guardrails.Redaction;

/// <summary>Tells from the name of a variable, attribute, header or flag whether what it holds is a secret.</summary>
public static class SecretNames
{
    private const int LongestName = 100;

    // Last words that make a name speak about a secret, not hold one.
    private static readonly FrozenSet<string> About = Set(
        "id ids arn arns name names path paths file files filename dir folder policy policies length size min max count number expiry expires expiration expire ttl age type types kind enabled disabled enable disable " +
        "required require ref refs reference rotation rotate rotated version versions algorithm alg format prefix suffix location store stores manager provider issuer audience scope scopes usage usages budget limit limits " +
        "hint label labels field fields header headers selector mount namespace url uri uris endpoint endpoints host hosts hash hashes digest fingerprint thumbprint checksum sum status state reset change changed lifetime duration " +
        "period days window seconds minutes validity created updated modified date time at on by from to for class mode method methods strength complexity requirements rules template pattern regex env var variable source sources " +
        "engine backend group groups role roles user users username email account accounts region zone resource resources description comment note title message text prompt help example examples plan plans usage support " +
        "auth authentication login challenge spec specs annotations tags tag index indices column table schema order permissions permission access grant grants certificate cert certs pem crt ca");

    // Words anywhere that make it harmless.
    private static readonly FrozenSet<string> Harmless = Set("public pub publishable encrypted sealed ciphertext known foreign partition sort hash range object bucket tokenizer tokenize kms pagination continuation cursor next page csrf idempotency max min num lock request upload continuetoken requesttoken");

    private static readonly FrozenSet<string> Passwords = Set("password passwords passwd passwds passphrase passcode pwd pw psw pass pword passwort kennwort senha wachtwoord contrasena motdepasse parola haslo passe пароль contraseña パスワード 密码 密碼 口令 비밀번호 المرور סיסמה şifre hasło khẩu");
    private static readonly FrozenSet<string> Tokens = Set("token tokens pat jwt bearer accesstoken authtoken refreshtoken sessiontoken idtoken apitoken");
    private static readonly FrozenSet<string> Secrets = Set("secret secrets credential credentials cred creds clientsecret sharedsecret appsecret apisecret secretstring psk otp totp seed mnemonic webhooksecret cookie salt pepper");
    private static readonly FrozenSet<string> Keys = Set("apikey apikeys authkey privatekey accesskey secretkey accountkey storagekey masterkey encryptionkey signingkey presharedkey consumerkey licensekey deploykey sshkey sharedkey sharedaccesskey secretaccesskey subscriptionkey privkey");
    private static readonly FrozenSet<string> KeyOwners = Set(
        "preshared psk consumer oauth deployment integration instance registration enrollment join activation product seed node wireguard api access secret private encryption signing sign master auth account shared storage license licence deploy ssh hmac session client unseal recovery primary secondary app application service integration routing functions function host webhook " +
        "rsa aes crypto cipher root admin user security write ingest ingestion instrumentation license data ec tls ssl server admin write read query subscription sas cosmos redis search maps cognitive openai ai events event system");

    /// <summary>What kind of secret the name holds, or null for none.</summary>
    public static SecretKind? KindOf(ReadOnlySpan<char> name)
    {
        if (name.Length is < 2 or > LongestName)
        {
            return null;
        }

        var words = Words(name);
        while (words.Count > 1 && (words[^1].Length <= 2 && char.IsAsciiDigit(words[^1][0]) || words[^1] is "value" or "string" or "plaintext" or "plain" or "b64" or "base64" or "old" or "new" or "prod" or "dev" or "staging" or "test"))
        {
            words.RemoveAt(words.Count - 1);
        }

        if (words.Count == 0)
        {
            return null;
        }

        return words.Exists(Harmless.Contains) || words is ["client", "token"] or ["secret", "id"] ? null : ByLast(words);
    }

    private static SecretKind? ByLast(List<string> words)
    {
        var last = words[^1];
        var before = words.Count > 1 ? words[^2] : "";
        if (last is "data" && before is "key" && words is [.., "client", _, _])
        {
            return SecretKind.Key;
        }

        if (last is "auth" && words.Count == 1 || (last is "authorization" or "cookie"))
        {
            return SecretKind.Login;
        }

        if (words is [.., "secret", "key", "base"])
        {
            return SecretKind.Key;
        }

        if (words is ["tf", "token", ..])
        {
            return SecretKind.Token;
        }

        if (About.Contains(last))
        {
            return null;
        }

        return Passwords.Contains(last) || last.EndsWith("password", StringComparison.Ordinal) || last.EndsWith("passwd", StringComparison.Ordinal) || (last is "phrase" && before is "pass") ? SecretKind.Password
            : Tokens.Contains(last) || last.EndsWith("token", StringComparison.Ordinal) ? SecretKind.Token
            : Secrets.Contains(last) || last.EndsWith("secret", StringComparison.Ordinal) ? SecretKind.Secret
            : Keys.Contains(last) || last.EndsWith("apikey", StringComparison.Ordinal) || last.EndsWith("secretkey", StringComparison.Ordinal) || (last is "key" or "keys" && KeyOwners.Contains(before)) ? SecretKind.Key
            : null;
    }

    /// <summary>The lower-case words of a snake, kebab, dotted or camel case name.</summary>
    private static List<string> Words(ReadOnlySpan<char> name)
    {
        var words = new List<string>(6);
        var start = 0;
        for (var at = 0; at <= name.Length; at++)
        {
            var ends = at == name.Length || !char.IsLetterOrDigit(name[at]);
            var turns = !ends && at > start && char.IsUpper(name[at]) && (char.IsLower(name[at - 1]) || (at + 1 < name.Length && char.IsLower(name[at + 1]) && char.IsUpper(name[at - 1])));
            if ((ends || turns) && at > start)
            {
                words.Add(name[start..at].ToString().ToLowerInvariant());
            }

            start = ends ? at + 1 : turns ? at : start;
        }

        return words;
    }

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
