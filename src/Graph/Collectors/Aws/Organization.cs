using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>The accounts of the organisation that an account belongs to.</summary>
internal static partial class Organization
{
    private const string Account = "AWS::Organizations::Account";
    private const string Permission = "organizations:ListAccounts, from the management account or a delegated administrator,";

    /// <summary>Tells them as resources; the ids of those that are active, without the one that asks and those left out.</summary>
    public static async Task<IReadOnlyList<string>> MembersAsync(AwsSession session, IReadOnlyList<string> except, SourceScan scan, CancellationToken stop)
    {
        var members = new List<string>();
        var listing = new ScopeListing(session.Account, null, "organizations", Account, Permission, (_, stopping) => AccountsAsync(session, members, stopping));
        if (await scan.ReadAsync(listing, stop).ConfigureAwait(false) is { } error)
        {
            await scan.FailAsync(null, null, listing.Service, "*", AwsFailures.Explain(error, listing, session.Connection), stop).ConfigureAwait(false);
        }

        return [.. members.Where(member => member != session.Account).Except(except)];
    }

    private static async IAsyncEnumerable<Observation> AccountsAsync(AwsSession session, List<string> members, [EnumeratorCancellation] CancellationToken stop)
    {
        using var scope = new AwsScope(session.Connection, session.Account, Home(session.Regions[0]), null, stop);
        var pages = Pages.ReadAsync(
            scope, token => scope.Signed.JsonAsync(AwsService.Organizations, "ListAccounts", token is null ? new { MaxResults = 20 } : new { MaxResults = 20, NextToken = token }, stop), page => page.Text("NextToken"), stop);
        await foreach (var account in pages.SelectMany(page => AwsAnswer.List(page, "Accounts", "NextToken")).ConfigureAwait(false))
        {
            var id = account.Text("Id") is { } told && IdForm().IsMatch(told) ? told : throw new AwsException(CloudFault.Garbage, "an account without Id"); // It becomes part of a role's ARN.
            var status = account.Text("State") ?? account.Text("Status");
            if (status is "ACTIVE")
            {
                members.Add(id);
            }

            yield return scope.Seen(account.Text("Arn") ?? id, Account, account.Text("Name") ?? id, Facts.Of(("JoinedMethod", account.Text("JoinedMethod"))), status: status, aliases: [id], global: true);
        }
    }

    // Organizations has one endpoint in a partition.
    private static string Home(string region) => region switch
    {
        _ when region.StartsWith("us-gov-", StringComparison.Ordinal) => "us-gov-west-1",
        _ when region.StartsWith("cn-", StringComparison.Ordinal) => "cn-northwest-1",
        _ => "us-east-1",
    };

    [GeneratedRegex(@"^[0-9]{12}\z")]
    private static partial Regex IdForm();
}
