namespace McpInfra.Graph;

/// <summary>What something cost in a calendar month.</summary>
public sealed record Charge
{
    /// <summary>Id or alias of the resource; null for what no resource is named for.</summary>
    public string? Resource { get; init; }

    /// <summary>The provider's name of the service.</summary>
    public required string Service { get; init; }

    /// <summary>Account that used it.</summary>
    public string? Account { get; init; }

    /// <summary>Region, where it is told.</summary>
    public string? Region { get; init; }

    /// <summary>Currency by its three letters.</summary>
    public required string Currency { get; init; }

    /// <summary>The month's first day.</summary>
    public required DateOnly Month { get; init; }

    /// <summary>The day up to which it is told, not included.</summary>
    public required DateOnly Until { get; init; }

    /// <summary>What is on the invoice.</summary>
    public required decimal Billed { get; init; }

    /// <summary>With discounts and prepaid fees spread over what they were paid for.</summary>
    public required decimal Effective { get; init; }
}
