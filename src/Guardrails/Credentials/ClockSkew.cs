using System.Globalization;

namespace McpInfra.Guardrails.Credentials;

/// <summary>How far this machine's clock is from a service's, told by the Date of its answers.</summary>
public static class ClockSkew
{
    // Clouds refuse signatures and assertions from five minutes on; a Date is whole seconds and an answer takes some.
    private static readonly TimeSpan Harmful = TimeSpan.FromMinutes(4);

    /// <summary>What is wrong and what mends it, or null when the clocks agree well enough.</summary>
    /// <param name="there">Date of an answer; null when it had none.</param>
    /// <param name="here">This machine's time when the answer came.</param>
    public static string? Words(DateTimeOffset? there, DateTimeOffset here)
    {
        var off = here - (there ?? here);
        return off.Duration() < Harmful ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"this machine's clock is {off.Duration().TotalMinutes:0} minutes {(off > TimeSpan.Zero ? "ahead of" : "behind")} the cloud's, and requests signed by it are refused; set the clock (`timedatectl set-ntp true`)");
    }
}
