namespace McpInfra.SecretProbe;

/// <summary>Values that look like credentials and are none.</summary>
internal static class Harmless
{
    public static IReadOnlyList<Invented> All { get; } =
    [
        new("sha256", "digest checksum sha256 content_hash", "sha256:#64"), new("git_sha", "commit GIT_COMMIT revision", "#40"), new("short_sha", "build", "#7"), new("uuid", "request_id correlation_id tenant_id session_id", "GUID"), new("md5_etag", "etag ETag", "\"#32\""),
        new("arn", "role_arn kms_key_arn secret_arn", "arn:aws:kms:eu-west-1:%12:key/GUID"), new("secret_arn", "secretArn SECRET_ARN", "arn:aws:secretsmanager:eu-west-1:%12:secret:prod/db-@6"), new("resource", "instance subnet_id vpc", "i-0#16"), new("azure_id", "scope key_vault_id", "/subscriptions/GUID/resourceGroups/rg-app/providers/Microsoft.KeyVault/vaults/kv-app"),
        new("sri", "integrity", "sha512-&64"), new("go_sum", "h1", "h1:&32"), new("npm_lock", "resolved", "https://registry.npmjs.org/left-pad/-/left-pad-1.3.0.tgz"), new("image", "image", "registry.example.com/app@sha256:#64"), new("ssh_public", "public_key ssh_public_key", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA&32 ops@host"),
        new("certificate", "ca_certificate certificate", "-----BEGIN CERTIFICATE-----\\nMIID&180\\n-----END CERTIFICATE-----"), new("public_pem", "public_key_pem", "-----BEGIN PUBLIC KEY-----\\nMIIB&120\\n-----END PUBLIC KEY-----"), new("sops", "db_password api_token", "ENC[AES256_GCM,data:&24,iv:&24,tag:&12,type:str]"), new("sealed", "password encryptedPassword", "AgB&240"),
        new("vault_ref", "password api_key", "${vault.prod.password}"), new("aws_ref", "password", "{{resolve:secretsmanager:prod/db:SecretString:password}}"), new("tf_ref", "password secret_key", "var.db_password"), new("gha_ref", "token NPM_TOKEN", "${{ secrets.NPM_TOKEN }}"), new("op_ref", "password", "op://prod/db/password"),
        new("placeholder", "password api_key API_TOKEN", "changeme-please"), new("placeholder2", "api_key SECRET_KEY", "<your-api-key>"), new("placeholder3", "token password", "xxxxxxxxxxxxxxxxxxxx"), new("placeholder4", "DB_PASSWORD", "REPLACE_ME"), new("masked", "password secret", "********"), new("masked2", "api_key", "****@4"), new("redacted", "client_secret", "(sensitive value)"),
        new("doc_key", "aws_access_key_id", "AKIAIOSFODNN7EXAMPLE"), new("publishable", "STRIPE_PUBLISHABLE_KEY", "pk_live_@24"), new("sentry_dsn_public", "release", "app@1.%2.0+#8"), new("trace", "traceparent", "00-#32-#16-01"), new("cursor", "next_page_cursor nextToken cursor", "eyJvZmZzZXQi&30"), new("k8s_uid", "uid resourceVersion", "GUID"),
        new("data_uri", "icon", "data:image/png;base64,iVBORw0KGgo&120"), new("minified", "script", "!function(e,t){var n=t.exports=function(e){return r(e,i)},o=@6;e.@4=o}(this)"), new("hostname", "host endpoint", "prod-db-7f9c4b.cluster-c@11.eu-west-1.rds.amazonaws.com"), new("path", "private_key_path key_file", "/etc/ssl/private/app-%4.key"), new("version", "token_version", "v1.%2.%1-rc.%1"),
        new("bool", "require_token password_enabled", "true"), new("number", "token_ttl max_tokens", "%4"), new("policy", "password_policy", "min-12-upper-lower-digit"), new("name", "secretName secret_name key_name", "orders-db-credentials"), new("kms", "ciphertext_blob", "AQICAHh&150"), new("ansible_vault", "vault_password", "$ANSIBLE_VAULT;1.1;AES256"), new("fingerprint", "key_fingerprint", "SHA256:&32"), new("bcrypt", "password_hash", "$2b$12$@53"),
    ];
}
