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

    private static readonly FrozenSet<string> Passwords = Set("password passwords passwd passwds passphrase passcode pwd pw psw pass pword passwort kennwort senha wachtwoord contrasena motdepasse parola parole haslo heslo passe salasana losenord adgangskode passord lozinka geslo jelszo slaptazodis parool sandi nywila sifre matkhau");
    private static readonly FrozenSet<string> EndInPass = Set("bypass compass encompass trespass surpass overpass underpass onepass twopass multipass singlepass renderpass lowpass highpass bandpass");
    private static readonly FrozenSet<string> Tokens = Set("token tokens pat jwt bearer accesstoken authtoken refreshtoken sessiontoken idtoken apitoken oauth");
    private static readonly FrozenSet<string> Secrets = Set("secret secrets credential credentials cred creds clientsecret sharedsecret appsecret apisecret secretstring psk otp totp seed mnemonic webhooksecret cookie salt pepper community segredo secreto segreto segreta secreta clave chave chiave geheimnis sekret");
    private static readonly FrozenSet<string> Keys = Set("apikey apikeys authkey privatekey accesskey secretkey accountkey storagekey masterkey encryptionkey signingkey presharedkey consumerkey licensekey deploykey sshkey sharedkey sharedaccesskey secretaccesskey subscriptionkey privkey");
    private static readonly FrozenSet<string> KeyOwners = Set(
        "preshared psk consumer oauth deployment integration instance registration enrollment join activation product seed node wireguard api access secret private encryption signing sign master auth account shared storage license licence deploy ssh hmac session client unseal recovery primary secondary app application service integration routing functions function host webhook " +
        "validation decryption machine rsa aes crypto cipher root admin user security write ingest ingestion instrumentation license data ec tls ssl server admin write read query subscription sas cosmos redis search maps cognitive openai ai events event system genie digest authentication recovery product bitlocker filevault");

    // Words before `KEY` in the name of a variable that make it no credential.
    private static readonly FrozenSet<string> OpenKeys = Set("cache restore site dedup deduplication group topic shard row index map s3 etag digest i18n translation config settings feature job build artifact");

    private static readonly FrozenSet<string> CodeOwners = Set("alarm door gate entry access security unlock verification recovery backup scratch rescue emergency otp mfa 2fa pairing pin passcode login activation");

    /// <summary>What kind of secret the name holds, or null for none.</summary>
    public static SecretKind? KindOf(ReadOnlySpan<char> name)
    {
        if (name.Length is < 2 or > LongestName)
        {
            return null;
        }

        Span<char> letters = stackalloc char[LongestName];
        Span<byte> ends = stackalloc byte[2 * LongestName];
        var words = new NameWords(letters, ends);
        words.Read(name);
        if (words[^1] is "string" && words[^2] is "key" && words.Count == 2)
        {
            return SecretKind.Key;
        }

        while (words.Count > 1 && ((words[^1].Length <= 2 && char.IsAsciiDigit(words[^1][0])) || words[^1] is "value" or "string" or "plaintext" or "plain" or "b64" or "base64" or "old" or "new" or "prod" or "dev" or "staging" or "test" || (words[^1] is "private" && words[^2].EndsWith("key"))))
        {
            words.Drop();
        }

        for (var number = 0; number < words.Count; number++)
        {
            if (Has(Harmless, words[number]) && !(words[number] is "hash" && words[^1] is "salt"))
            {
                return null;
            }
        }

        // -Dsonar.login=…, NEO4J_AUTH=…; the login of an attribute is a name.
        if (words.Count > 1 && ((words[^1] is "login" && name[^6] == '.') || (words[^1] is "auth" && !name.ContainsAnyInRange('a', 'z'))))
        {
            return SecretKind.Login;
        }

        return words.Count == 0 || (words.Count == 2 && words[0] is "client" && words[1] is "token") ? null
            : ByLast(words) ?? (words[^1] is "key" && words.Count > 1 && !name.ContainsAnyInRange('a', 'z') && !Has(OpenKeys, words[^2]) ? SecretKind.SomeKey : null);
    }

    /// <summary>Whether a field of that name may be one among secrets, and is no id, date, hash or public key.</summary>
    internal static bool MayHold(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > LongestName || Guid.TryParse(name, out _))
        {
            return false;
        }

        Span<char> letters = stackalloc char[LongestName];
        Span<byte> ends = stackalloc byte[2 * LongestName];
        var words = new NameWords(letters, ends);
        words.Read(name);
        for (var number = 0; number < words.Count; number++)
        {
            if (Has(Harmless, words[number]))
            {
                return false;
            }
        }

        return words.Count > 0 && !Has(About, words[^1]);
    }

    private static SecretKind? ByLast(NameWords words)
    {
        var last = words[^1];
        var before = words[^2];
        if (last is "data" && before is "key" && words[^3] is "client")
        {
            return SecretKind.Key;
        }

        if ((last is "auth" && words.Count == 1) || last is "authorization" or "cookie")
        {
            return SecretKind.Login;
        }

        if (last is "response" && before is "saml")
        {
            return SecretKind.Token;
        }

        if (last is "id" && before is "secret")
        {
            return SecretKind.Id;
        }

        if (last is "base" && before is "key" && words[^3] is "secret")
        {
            return SecretKind.Key;
        }

        if (words[0] is "tf" && words[1] is "token")
        {
            return SecretKind.Token;
        }

        if ((last is "material" && before is "key") || (last is "encrypt" && words.Count == 1))
        {
            return SecretKind.Key;
        }

        if (last is "ident" && before is "auth")
        {
            return SecretKind.Login;
        }

        if (last is "code" or "codes" && Has(CodeOwners, before))
        {
            return SecretKind.Code;
        }

        if (Has(About, last))
        {
            return null;
        }

        return last is "passphrase" || (last is "phrase" && before is "pass" or "recovery" or "seed" or "backup" or "mnemonic" or "secret") ? SecretKind.Phrase
            : Has(Passwords, last) || last.EndsWith("password") || last.EndsWith("passwd") || (last.EndsWith("pass") && !Has(EndInPass, last)) ? SecretKind.Password
            : Has(Tokens, last) || last.EndsWith("token") ? SecretKind.Token
            : Has(Secrets, last) || last.EndsWith("secret") ? SecretKind.Secret
            : Has(Keys, last) || last.EndsWith("apikey") || last.EndsWith("secretkey") || last.EndsWith("privkey") || last.EndsWith("privatekey") || (last is "key" or "keys" && Has(KeyOwners, before)) ? SecretKind.Key
            : System.Text.Ascii.IsValid(last) ? null : ForeignNames.KindOf(last);
    }

    private static bool Has(FrozenSet<string> set, ReadOnlySpan<char> word) => set.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
