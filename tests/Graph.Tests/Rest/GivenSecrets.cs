using McpInfra.Graph.Collectors;

namespace McpInfra.Graph.Tests.Rest;

/// <summary>Hands out a secret made of the account's name.</summary>
internal sealed class GivenSecrets(Func<AccountSettings, SourceSecret>? give = null) : ISourceSecrets
{
    public ValueTask<SourceSecret> OfAsync(SourceSettings source, AccountSettings account, CancellationToken stop) => new(give?.Invoke(account) ?? new SourceSecret($"token-of-{account.Name}"));
}
