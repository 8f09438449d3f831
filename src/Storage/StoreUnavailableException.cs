using System.Data.Common;

namespace McpInfra.Storage;

/// <summary>The store cannot be reached or written now; the message is our own words and says what mends it. What was asked can be tried again.</summary>
public sealed class StoreUnavailableException : DbException
{
    /// <inheritdoc/>
    public StoreUnavailableException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
