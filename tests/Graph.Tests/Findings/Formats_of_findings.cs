using McpInfra.Graph.Queries;
using Xunit;

namespace McpInfra.Graph.Tests.Findings;

public sealed class Formats_of_findings : IDisposable
{
    private readonly FindingScans scans = new();

    public void Dispose() => scans.Dispose();

    private async Task<JoinedFinding> ReadAsync(string kind, string text)
    {
        await scans.EstateAsync();
        var result = await scans.ScanAsync(kind, text);
        Assert.Null(result.Failure);
        Assert.Empty(result.Failures);
        return scans.Only();
    }

    [Theory]
    [InlineData("[{0}]")]
    [InlineData("{{\"Findings\":[{0}]}}")]
    [InlineData("{{\"version\":\"0\",\"detail-type\":\"Security Hub Findings - Imported\",\"detail\":{{\"findings\":[{0}]}}}}")]
    [InlineData("{0}\n")]
    public async Task Security_hubs_is_read_in_every_wrapping(string wrapping)
    {
        var finding = await ReadAsync("asff", string.Format(null, wrapping, """
            {"SchemaVersion":"2018-10-08","Id":"arn:aws:securityhub:eu-west-1:123456789012:security-control/S3.8/finding/1","ProductArn":"arn:aws:securityhub:eu-west-1::product/aws/securityhub","ProductName":"Security Hub",
             "GeneratorId":"security-control/S3.8","AwsAccountId":"123456789012","Region":"eu-west-1","Types":["Software and Configuration Checks"],"CreatedAt":"2025-12-01T00:00:00Z","UpdatedAt":"2025-12-31T00:00:00Z",
             "Severity":{"Label":"HIGH","Normalized":70},"Title":"S3 buckets should block public access","Description":"d","Remediation":{"Recommendation":{"Text":"Turn it on.","Url":"https://docs.example/S3.8"}},
             "Resources":[{"Type":"AwsS3Bucket","Id":"arn:aws:s3:::acme-orders","Region":"eu-west-1"},{"Type":"AwsSqsQueue","Id":"arn:aws:sqs:eu-west-1:1:q0"}],
             "Compliance":{"Status":"FAILED","SecurityControlId":"S3.8","RelatedRequirements":["CIS AWS Foundations Benchmark v1.4.0/2.1.5"],"AssociatedStandards":[{"StandardsId":"standards/pci-dss/v/3.2.1"}]},"Workflow":{"Status":"NEW"},"RecordState":"ACTIVE"}
            """));
        Assert.Equal(("S3.8", "high", "Security Hub", FindingStatus.Open), (finding.Rule, finding.Severity, finding.Tools[0], finding.Status));
        Assert.Equal(["acme-orders", "q0"], finding.Resources.Select(row => row.Name));
        Assert.Equal(["CIS AWS Foundations Benchmark v1.4.0/2.1.5", "standards/pci-dss/v/3.2.1"], finding.Frameworks);
        Assert.Equal(("Turn it on.", "https://docs.example/S3.8", new DateTimeOffset(2025, 12, 1, 0, 0, 0, TimeSpan.Zero)), (finding.Remedy, finding.Help, finding.Since));
    }

    [Theory]
    [InlineData("\"Severity\":{\"Normalized\":95}", "critical", FindingStatus.Open)]
    [InlineData("\"Severity\":{\"Label\":\"INFORMATIONAL\"}", "info", FindingStatus.Open)]
    [InlineData("\"Severity\":{\"Label\":\"LOW\"},\"Workflow\":{\"Status\":\"SUPPRESSED\"}", "low", FindingStatus.Suppressed)]
    [InlineData("\"Severity\":{\"Label\":\"LOW\"},\"RecordState\":\"ARCHIVED\"", "low", FindingStatus.Resolved)]
    public async Task Security_hubs_words_become_ours(string words, string severity, FindingStatus status)
    {
        var finding = await ReadAsync("asff", $$"""[{"SchemaVersion":"2018-10-08","Id":"1","ProductArn":"p","GeneratorId":"g","Title":"t",{{words}}}]""");
        Assert.Equal((severity, status), (finding.Severity, finding.Status));
    }

    [Fact]
    public async Task Ocsf_is_read_with_its_compliance()
    {
        var finding = await ReadAsync("ocsf", """
            {"class_uid":2003,"category_uid":2,"activity_id":1,"severity_id":5,"status_id":1,"metadata":{"version":"1.3.0","event_code":"s3_bucket_public_access","product":{"name":"Prowler","vendor_name":"Prowler"}},
             "finding_info":{"uid":"prowler-aws-s3_bucket_public_access-1","title":"Bucket is public","created_time":1764547200},"status_code":"FAIL","status_detail":"Bucket acme-orders is public.",
             "resources":[{"uid":"arn:aws:s3:::acme-orders","name":"acme-orders","region":"eu-west-1","type":"AwsS3Bucket"}],"cloud":{"account":{"uid":"123456789012"},"region":"eu-west-1","provider":"aws"},
             "remediation":{"desc":"Block it.","references":["https://hub.example/fix"]},"unmapped":{"compliance":{"CIS-1.4":["2.1.5"],"PCI-3.2.1":["1.2","1.3"]}}}
            {"class_uid":2003,"category_uid":2,"severity_id":3,"status_code":"PASS","finding_info":{"uid":"2","title":"fine"},"resources":[]}
            """);
        Assert.Equal(("s3_bucket_public_access", "critical", "Bucket acme-orders is public."), (finding.Rule, finding.Severity, finding.Title));
        Assert.Equal(["CIS-1.4 2.1.5", "PCI-3.2.1 1.2", "PCI-3.2.1 1.3"], finding.Frameworks);
        Assert.Equal("acme-orders", Assert.Single(finding.Resources).Name);
    }

    [Fact]
    public async Task Prowlers_own_json_is_read()
    {
        var finding = await ReadAsync("prowler", """
            [{"Provider":"aws","CheckID":"s3_bucket_public_access","CheckTitle":"No public buckets","Status":"FAIL","StatusExtended":"Bucket acme-orders is public.","Severity":"critical","ResourceId":"acme-orders",
              "ResourceArn":"arn:aws:s3:::acme-orders","Region":"eu-west-1","AccountId":"123456789012","Remediation":{"Recommendation":{"Text":"Block it.","Url":"https://hub.example"}},"Compliance":{"CIS-1.4":["2.1.5"]},"FindingUniqueId":"u1"},
             {"Provider":"aws","CheckID":"s3_bucket_acl","Status":"PASS","Severity":"low","ResourceArn":"arn:aws:s3:::acme-orders"}]
            """);
        Assert.Equal(("s3_bucket_public_access", "critical", "acme-orders", "CIS-1.4 2.1.5"), (finding.Rule, finding.Severity, finding.Resources[0].Name, finding.Frameworks[0]));
    }

    [Fact]
    public async Task Checkovs_is_read_with_what_it_skipped()
    {
        await scans.EstateAsync();
        await scans.ScanAsync("checkov", """
            [{"check_type":"terraform","results":{"passed_checks":[{"check_id":"CKV_AWS_1","check_name":"fine"}],
              "failed_checks":[{"check_id":"CKV_AWS_18","check_name":"Ensure access logging","check_result":{"result":"FAILED"},"file_path":"/live/main.tf","file_line_range":[1,2],"resource":"aws_s3_bucket.b","severity":null,
                "guideline":"https://docs.example/ckv18","code_block":[[1,"password = hunter2"]]}],
              "skipped_checks":[{"check_id":"CKV_AWS_27","check_name":"Encrypt queues","check_result":{"result":"SKIPPED","suppress_comment":"dev"},"file_path":"/live/main.tf","file_line_range":[4,6],"resource":"aws_sqs_queue.q","severity":"HIGH"}],
              "parsing_errors":[]},"summary":{"failed":1}}]
            """);
        var open = scans.All(new FindingQuery { Status = FindingStatus.Open });
        Assert.Equal(("CKV_AWS_18", "medium", "live/main.tf", 1, "acme-orders"), (open[0].Rule, open[0].Severity, open[0].File, open[0].Line, open[0].Resources[0].Name));
        var skipped = Assert.Single(scans.All(new FindingQuery { Status = FindingStatus.Suppressed }));
        Assert.Equal(["q0", "q1"], skipped.Resources.Select(row => row.Name));
    }

    [Fact]
    public async Task Trivys_is_read_without_what_a_secret_rule_matched()
    {
        await scans.EstateAsync();
        await scans.ScanAsync("trivy", """
            {"SchemaVersion":2,"ArtifactName":".","ArtifactType":"filesystem","Results":[
              {"Target":"live/main.tf","Class":"config","Type":"terraform","Misconfigurations":[
                {"Type":"Terraform Security Check","ID":"AVD-AWS-0089","AVDID":"AVD-AWS-0089","Title":"Logging","Message":"Bucket has logging disabled","Resolution":"Add a logging block","Severity":"MEDIUM","Status":"FAIL","PrimaryURL":"https://avd.example/0089",
                 "CauseMetadata":{"Resource":"aws_s3_bucket.b","StartLine":1,"EndLine":2}},
                {"ID":"AVD-AWS-0001","AVDID":"AVD-AWS-0001","Title":"fine","Severity":"HIGH","Status":"PASS","CauseMetadata":{}}]},
              {"Target":"package-lock.json","Class":"lang-pkgs","Type":"npm","Vulnerabilities":[{"VulnerabilityID":"CVE-2024-1","PkgName":"left-pad","InstalledVersion":"1.0.0","FixedVersion":"1.0.1","Severity":"CRITICAL","Title":"pads wrong","PrimaryURL":"https://avd.example/cve"}]},
              {"Target":"env.sh","Class":"secret","Secrets":[{"RuleID":"aws-access-key-id","Category":"AWS","Severity":"CRITICAL","Title":"AWS Access Key ID","StartLine":3,"Match":"AKIA1234567890ABCDEF"}]}]}
            """);
        Assert.Equal(
            [("AVD-AWS-0089", "medium"), ("CVE-2024-1", "critical"), ("aws-access-key-id", "critical")],
            scans.All().Select(finding => (finding.Rule, finding.Severity)).OrderBy(pair => pair.Rule, StringComparer.Ordinal));
        Assert.Equal("acme-orders", scans.All(new FindingQuery { Text = "logging" })[0].Resources[0].Name);
        Assert.Equal("Upgrade left-pad to 1.0.1", scans.All(new FindingQuery { Text = "left-pad" })[0].Remedy);
        Assert.DoesNotContain("AKIA1234567890ABCDEF", System.Text.Encoding.UTF8.GetString(Snapshot.WholeFile(scans.Fixture)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Defenders_rows_are_read_with_what_frameworks_they_belong_to()
    {
        const string Account = "/subscriptions/0000/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/acme";
        await scans.Fixture.ScanCloudAsync([new Graph.Collectors.Observation.Seen(new Resource { Id = Account, Type = "Microsoft.Storage/storageAccounts", Name = "acme", Provider = "azure" })]);
        await scans.ScanAsync("defender", $$"""
            {"data":[
              {"id":"{{Account}}/providers/Microsoft.Security/assessments/aaaa","name":"aaaa","type":"microsoft.security/assessments","subscriptionId":"0000",
               "properties":{"displayName":"Secure transfer should be on","status":{"code":"Unhealthy"},"metadata":{"severity":"High","remediationDescription":"Turn it on."},"resourceDetails":{"Source":"Azure","Id":"{{Account.ToUpperInvariant()}}"} } },
              {"id":"{{Account}}/providers/Microsoft.Security/assessments/bbbb","name":"bbbb","type":"microsoft.security/assessments","properties":{"displayName":"fine","status":{"code":"Healthy"},"metadata":{"severity":"Low"} } },
              {"id":"{{Account}}/providers/Microsoft.Security/assessments/cccc","name":"cccc","type":"microsoft.security/assessments","properties":{"displayName":"lived with","status":{"code":"NotApplicable","cause":"Exempt"},"metadata":{"severity":"Low"} } },
              {"id":"/subscriptions/0000/providers/Microsoft.Security/regulatoryComplianceStandards/PCI-DSS-4/regulatoryComplianceControls/1.1/regulatoryComplianceAssessments/aaaa","name":"aaaa","type":"microsoft.security/regulatorycompliancestandards/regulatorycompliancecontrols/regulatorycomplianceassessments","properties":{"state":"Failed"} },
              {"id":"/subscriptions/0000/providers/Microsoft.Security/locations/we/alerts/1","name":"1","type":"microsoft.security/locations/alerts","properties":{"AlertType":"Storage.Blob_Anon","AlertDisplayName":"Odd access","Severity":"Medium","Status":"Dismissed","ResourceIdentifiers":[{"Type":"AzureResource","AzureResourceId":"{{Account}}"}]} }]}
            """);
        var open = Assert.Single(scans.All(new FindingQuery { Status = FindingStatus.Open }));
        Assert.Equal(("aaaa", "high", "acme", "PCI-DSS-4 1.1", "Turn it on."), (open.Rule, open.Severity, open.Resources[0].Name, open.Frameworks[0], open.Remedy));
        Assert.Equal(["Storage.Blob_Anon", "cccc"], scans.All(new FindingQuery { Status = FindingStatus.Suppressed }).Select(finding => finding.Rule));
    }

    [Theory]
    [InlineData("asff", "[{\"class_uid\":2003}]")]
    [InlineData("ocsf", "[{\"class_uid\":1001}]")]
    [InlineData("prowler", "{\"CheckID\":\"x\"}")]
    [InlineData("checkov", "{\"runs\":[]}")]
    [InlineData("trivy", "[]")]
    [InlineData("defender", "{\"data\":[{\"type\":\"microsoft.compute/virtualmachines\"}]}")]
    [InlineData("sarif", "{\"version\":\"2.0.0\",\"runs\":[]}")]
    public async Task Of_another_kind_are_one_fault_that_says_so(string kind, string text) =>
        Assert.Contains("is JSON but not", (await scans.ScanAsync(kind, text)).Failure, StringComparison.Ordinal);

    [Theory]
    [InlineData("[{\"class_uid\":")]
    [InlineData("\0\0\0")]
    [InlineData("")]
    public async Task That_are_cut_off_are_one_fault_and_resolve_nothing(string text)
    {
        await scans.EstateAsync();
        await scans.ScanAsync("prowler", """[{"CheckID":"c","Status":"FAIL","ResourceArn":"arn:aws:s3:::acme-orders"}]""");
        Assert.NotNull((await scans.ScanAsync("prowler", text)).Failure);
        Assert.Equal(FindingStatus.Open, scans.Only().Status);
    }

    [Fact]
    public async Task Too_deep_for_a_parser_are_a_fault() =>
        Assert.Contains("too deep", (await scans.ScanAsync("checkov", string.Concat(Enumerable.Repeat("[", 5000)))).Failure, StringComparison.Ordinal);

    [Theory]
    [InlineData("asff", """[{"SchemaVersion":"2018-10-08","ProductArn":7,"GeneratorId":[],"Resources":{"Id":1},"Severity":"HIGH","Compliance":[],"Workflow":null,"CreatedAt":99999999999999999}]""")]
    [InlineData("ocsf", """[{"class_uid":2004,"finding_info":[],"resources":[null,1,{"uid":{}}],"severity_id":"5","vulnerabilities":{},"metadata":1}]""")]
    [InlineData("prowler", """[{"CheckID":"c","Status":"FAIL","Compliance":[1],"Remediation":"x","Severity":7}]""")]
    [InlineData("checkov", """{"check_type":"terraform","results":{"failed_checks":[{"file_line_range":["a"],"benchmarks":[1]},null,3]}}""")]
    [InlineData("trivy", """{"SchemaVersion":2,"Results":[{"Vulnerabilities":[null,{}],"Misconfigurations":[{"CauseMetadata":{"StartLine":-1}}],"Secrets":"x"},null]}""")]
    [InlineData("sarif", """{"version":"2.1.0","runs":[{"results":[{"ruleIndex":99,"locations":[{"physicalLocation":{"artifactLocation":{"uri":"%","index":-4}}}],"message":{"arguments":[1]}},null]}]}""")]
    public async Task With_wrong_forms_inside_are_read_as_far_as_they_go(string kind, string text) => Assert.Null((await scans.ScanAsync(kind, text)).Failure);

    [Fact]
    public async Task A_secret_or_a_terminal_escape_in_a_message_is_not_stored()
    {
        await scans.ScanAsync("prowler", """[{"CheckID":"c","Status":"FAIL","StatusExtended":"Key AKIAIOSFODNN7EXAMPLE in\u001b[2J plain sight at https://u:p4ss@db.example/x now","Severity":"high"}]""");
        Assert.Equal("Key [masked] in [2J plain sight at https[masked] now", scans.Only().Title);
    }
}
