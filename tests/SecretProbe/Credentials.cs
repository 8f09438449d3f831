namespace McpInfra.SecretProbe;

/// <summary>Credentials that neither the corpus nor, as far as possible, the list of formats shows: issuers that exist, issuers that do not, and passwords as people set them.</summary>
internal static class Credentials
{
    public static IReadOnlyList<Invented> All { get; } =
    [
        new("asana", "ASANA_TOKEN", "1/%16:#32"), new("asana", "ASANA_PAT", "2/%16/%16:#32"), new("discord_bot", "DISCORD_TOKEN BOT_TOKEN", "MTA@23.G@5.@38"), new("bitwarden", "BWS_ACCESS_TOKEN", "0.GUID.@30:&16"),
        new("beamer", "BEAMER_API_KEY", "b_@44"), new("uptimerobot", "UPTIMEROBOT_API_KEY", "u%7-#24"), new("trello", "TRELLO_TOKEN", "ATTA#64#8"), new("okta", "OKTA_API_TOKEN", "00@40"),
        new("intercom", "INTERCOM_ACCESS_TOKEN", "dG9rO&40"), new("splunk_hec", "SPLUNK_HEC_TOKEN HEC_TOKEN", "GUID"), new("opsgenie", "OPSGENIE_API_KEY GENIE_KEY", "GUID"), new("algolia", "ALGOLIA_ADMIN_API_KEY", "#32"),
        new("cloudflare", "CLOUDFLARE_API_TOKEN CF_API_TOKEN", "@40"), new("fastly", "FASTLY_API_KEY", "@32"), new("travis", "TRAVIS_TOKEN", "@22"), new("codecov", "CODECOV_TOKEN", "GUID"), new("snyk", "SNYK_TOKEN", "GUID"),
        new("twilio_auth", "TWILIO_AUTH_TOKEN", "#32"), new("mandrill", "MANDRILL_API_KEY", "md-@22"), new("postmark", "POSTMARK_SERVER_TOKEN", "GUID"), new("sparkpost", "SPARKPOST_API_KEY", "#40"), new("mailjet", "MJ_APIKEY_PRIVATE", "#32"),
        new("coinbase", "COINBASE_API_SECRET", "@32"), new("binance", "BINANCE_SECRET_KEY", "@64"), new("kraken", "KRAKEN_PRIVATE_KEY", "&64"), new("ethereum", "DEPLOYER_PRIVATE_KEY ETH_PRIVATE_KEY", "0x#64"), new("wireguard", "PrivateKey WG_PRIVATE_KEY", "&32"),
        new("laravel", "APP_KEY", "base64:&32"), new("symfony", "APP_SECRET", "#32"), new("rails", "RAILS_MASTER_KEY", "#32"), new("django", "SECRET_KEY DJANGO_SECRET_KEY", "~50"), new("jwt_secret", "JWT_SECRET JWT_SIGNING_KEY", "@48"),
        new("session", "SESSION_SECRET COOKIE_SECRET", "&32"), new("encryption", "ENCRYPTION_KEY DATA_ENCRYPTION_KEY", "#64"), new("webhook_secret", "WEBHOOK_SECRET GITHUB_WEBHOOK_SECRET", "#40"), new("oauth_secret", "OAUTH_CLIENT_SECRET client_secret", "@40"),
        new("kagi_like", "KESTREL_API_KEY", "kst_live_@32"), new("made_up", "ORBIT_TOKEN", "orb-tok-@40"), new("made_up2", "PLUM_SECRET", "plum.sk.@36"), new("made_up3", "ZEPHYR_PAT", "zpat_#40"), new("made_up4", "HELIO_KEY", "hk_prod_@28"), new("made_up5", "QUILL_API_TOKEN", "qll-v1-#48"),
        new("made_up6", "MARLIN_ACCESS_KEY", "MRL^20"), new("made_up7", "TUNDRA_AUTH", "tundra_auth_@44"), new("made_up8", "NOVA_DEPLOY_KEY", "ndk1.@24.@32"), new("made_up9", "VEGA_REFRESH_TOKEN", "vrt_01@26_@43"),
        new("password", "DB_PASSWORD POSTGRES_PASSWORD MYSQL_ROOT_PASSWORD password", "~16"), new("password_star", "ADMIN_PASSWORD REDIS_PASSWORD", "*~14"), new("password_short", "SMTP_PASSWORD LDAP_BIND_PASSWORD", "~10"), new("password_words", "GRAFANA_ADMIN_PASSWORD", "Winter-Coffee-%4"),
        new("password_hash_sign", "APP_DB_PASS", "#@~12"), new("password_dollar", "KEYSTORE_PASSWORD", "p$~12"), new("passphrase", "SSH_PASSPHRASE GPG_PASSPHRASE", "~24"), new("psk", "WIFI_PSK IPSEC_PSK preshared_key", "@32"), new("community", "SNMP_COMMUNITY_SECRET", "@14"),
        new("datadog", "DD_API_KEY", "#32"), new("azure_openai", "AZURE_OPENAI_API_KEY", "#32"), new("huawei", "HW_SECRET_KEY", "@40"), new("linode", "LINODE_TOKEN", "#64"), new("vultr", "VULTR_API_KEY", "^36"), new("hetzner", "HCLOUD_TOKEN", "@64"),
        new("consul", "CONSUL_HTTP_TOKEN", "GUID"), new("nomad", "NOMAD_TOKEN", "GUID"), new("rancher", "RANCHER_TOKEN", "token-@5:@54"), new("argocd", "ARGOCD_ADMIN_PASSWORD", "@16"), new("k3s", "K3S_TOKEN", "K10#64::server:#32"), new("kubeadm", "KUBEADM_JOIN_TOKEN", "@6.@16"),
        new("jenkins", "JENKINS_API_TOKEN", "11#32"), new("teamcity", "TEAMCITY_TOKEN", "eyJ0eXAiOiAiVENWMiJ9.@48.@40"), new("nexus", "NEXUS_PASSWORD", "GUID"), new("harbor", "HARBOR_ROBOT_SECRET", "@32"), new("quay", "QUAY_TOKEN", "^64"), new("minio", "MINIO_SECRET_KEY MINIO_ROOT_PASSWORD", "@40"),
    ];
}
