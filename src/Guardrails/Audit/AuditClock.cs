using System.Globalization;

namespace McpInfra.Guardrails.Audit;

/// <summary>Times as the trail writes them: ISO 8601, UTC, to 100 ns.</summary>
internal static class AuditClock
{
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
