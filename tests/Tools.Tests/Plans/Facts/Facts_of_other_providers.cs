using Xunit;

namespace McpInfra.Tools.Tests.Plans.Facts;

public sealed class Facts_of_other_providers
{
    private const string Rule = """{"security_rule":[{"access":"Allow","direction":"Inbound","source_address_prefix":"SOURCE","destination_port_range":"22","protocol":"Tcp"}]}""";

    [Theory]
    [InlineData("*", 1)]
    [InlineData("Internet", 1)]
    [InlineData("0.0.0.0/0", 1)]
    [InlineData("10.0.0.0/8", 0)]
    public void A_network_security_group_of_Azure_that_lets_anybody_in_is_exposure(string source, long expected)
    {
        Assert.Equal(expected, Planned.Create("azurerm_network_security_group", Rule.Replace("SOURCE", source, StringComparison.Ordinal)).PublicExposure);
        Assert.Equal(0, Planned.Create("azurerm_network_security_group", Rule.Replace("SOURCE", source, StringComparison.Ordinal).Replace("Inbound", "Outbound", StringComparison.Ordinal)).PublicExposure);
        Assert.Equal(0, Planned.Create("azurerm_network_security_group", Rule.Replace("SOURCE", source, StringComparison.Ordinal).Replace("Allow", "Deny", StringComparison.Ordinal)).PublicExposure);
    }

    [Theory]
    [InlineData("azurerm_storage_account", """{"allow_nested_items_to_be_public":false}""", """{"allow_nested_items_to_be_public":true}""")]
    [InlineData("azurerm_storage_container", """{"container_access_type":"private"}""", """{"container_access_type":"blob"}""")]
    [InlineData("azurerm_key_vault", """{"network_acls":[{"default_action":"Deny"}]}""", """{"network_acls":[]}""")]
    [InlineData("azurerm_kubernetes_cluster", """{"private_cluster_enabled":true}""", """{"private_cluster_enabled":false}""")]
    [InlineData("google_compute_firewall", """{"direction":"INGRESS","disabled":false,"source_ranges":["10.0.0.0/8"],"allow":[{"protocol":"tcp"}]}""", """{"direction":"INGRESS","disabled":false,"source_ranges":["0.0.0.0/0"],"allow":[{"protocol":"tcp"}]}""")]
    [InlineData("google_sql_database_instance", """{"settings":[{"ip_configuration":[{"ipv4_enabled":false}]}]}""", """{"settings":[{"ip_configuration":[{"ipv4_enabled":true}]}]}""")]
    [InlineData("google_storage_bucket", """{"public_access_prevention":"enforced"}""", """{"public_access_prevention":"inherited"}""")]
    [InlineData("google_storage_bucket_iam_binding", """{"bucket":"b","role":"r","members":["user:a@b"]}""", """{"bucket":"b","role":"r","members":["user:a@b","allUsers"]}""")]
    [InlineData("kubernetes_service_v1", """{"spec":[{"type":"ClusterIP"}]}""", """{"spec":[{"type":"LoadBalancer"}]}""")]
    public void What_opens_is_exposure_and_what_closes_is_not(string type, string closed, string open)
    {
        Assert.Equal(1, Planned.Update(type, closed, open).PublicExposure);
        Assert.Equal(0, Planned.Update(type, open, closed).PublicExposure);
        Assert.Equal(0, Planned.Update(type, open, open).PublicExposure);
    }

    [Theory]
    [InlineData("google_storage_bucket_iam_policy", "{\"policy_data\":\"{\\\"bindings\\\":[{\\\"members\\\":[\\\"allUsers\\\"]}]}\"}")]
    [InlineData("google_healthcare_dataset_iam_member", "{\"role\":\"r\",\"member\":\"allAuthenticatedUsers\"}")]
    [InlineData("oci_core_security_list", "{\"ingress_security_rules\":[{\"source\":\"0.0.0.0/0\",\"protocol\":\"6\"}]}")]
    [InlineData("oci_core_subnet", "{}")]
    [InlineData("azurerm_data_factory", "{\"public_network_enabled\":true}")]
    [InlineData("azurerm_kubernetes_cluster", "{}")]
    public void What_is_made_open_is_exposure(string type, string after) => Assert.Equal(1, Planned.Create(type, after).PublicExposure);

    [Fact]
    public void One_more_that_is_granted_something_widens_and_one_less_does_not()
    {
        const string one = "{\"role\":\"r\",\"members\":[\"user:a@b\"]}", two = "{\"role\":\"r\",\"members\":[\"user:a@b\",\"user:c@d\"]}";
        Assert.Equal(1, Planned.Update("google_project_iam_binding", one, two).PermissionsWidened);
        Assert.Equal(0, Planned.Update("google_project_iam_binding", two, one).PermissionsWidened);
        Assert.Equal(1, Planned.Update("aws_iam_role", "{\"managed_policy_arns\":[\"arn:read\"]}", "{\"managed_policy_arns\":[\"arn:read\",\"arn:admin\"]}").PermissionsWidened);
        Assert.Equal(1, Planned.Update("azurerm_role_definition", "{\"permissions\":[{\"actions\":[\"a/read\"]}]}", "{\"permissions\":[{\"actions\":[\"a/read\",\"*\"]}]}").PermissionsWidened);
        Assert.Equal(1, Planned.Update("oci_identity_policy", "{\"statements\":[\"allow group a to read all-resources\"]}", "{\"statements\":[\"allow group a to manage all-resources\"]}").PermissionsWidened);
    }

    [Theory]
    [InlineData("azurerm_role_assignment", """{"scope":"/subscriptions/1","role_definition_name":"Owner","principal_id":"p"}""")]
    [InlineData("azurerm_key_vault_access_policy", """{"key_vault_id":"k","object_id":"o","secret_permissions":["Get"]}""")]
    [InlineData("azuread_application_password", "{}")]
    [InlineData("google_project_iam_member", """{"project":"p","role":"roles/owner","member":"user:a@b"}""")]
    [InlineData("google_service_account_key", """{"service_account_id":"s"}""")]
    [InlineData("kubernetes_cluster_role_binding_v1", """{"subject":[{"kind":"User","name":"ada"}]}""")]
    [InlineData("kubernetes_role_v1", """{"rule":[{"api_groups":[""],"resources":["secrets"],"verbs":["get"]}]}""")]
    [InlineData("kubernetes_deployment_v1", """{"spec":[{"template":[{"spec":[{"container":[{"security_context":[{"privileged":true}]}]}]}]}]}""")]
    public void What_grants_widens(string type, string after)
    {
        Assert.Equal(1, Planned.Create(type, after).PermissionsWidened);
        Assert.Equal(0, Planned.Update(type, after, after).PermissionsWidened);
        Assert.Equal(0, Planned.Delete(type, after).PermissionsWidened);
    }

    [Theory]
    [InlineData("azurerm_storage_account", """{"https_traffic_only_enabled":true}""", """{"https_traffic_only_enabled":false}""")]
    [InlineData("azurerm_mssql_database", """{"transparent_data_encryption_enabled":true}""", """{"transparent_data_encryption_enabled":false}""")]
    [InlineData("google_storage_bucket", """{"encryption":[{"default_kms_key_name":"k"}]}""", """{"encryption":[]}""")]
    [InlineData("google_container_cluster", """{"database_encryption":[{"state":"ENCRYPTED"}]}""", """{"database_encryption":[{"state":"DECRYPTED"}]}""")]
    [InlineData("kubernetes_ingress_v1", """{"spec":[{"tls":[{"secret_name":"t"}]}]}""", """{"spec":[{"tls":[]}]}""")]
    public void Encryption_that_goes_is_counted(string type, string before, string after)
    {
        Assert.Equal(1, Planned.Update(type, before, after).EncryptionRemoved);
        Assert.Equal(0, Planned.Update(type, after, before).EncryptionRemoved);
    }

    [Theory]
    [InlineData("azurerm_storage_account")]
    [InlineData("google_bigquery_dataset")]
    [InlineData("kubernetes_persistent_volume_claim")]
    public void What_holds_data_is_known_by_each_provider(string type) => Assert.Equal((1L, 1L), (Planned.Delete(type, "{}").StatefulDeletes, Planned.Replace(type, "{}", "{}").StatefulReplaces));
}
