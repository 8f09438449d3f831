namespace McpInfra.Guardrails;

/// <summary>What is known of a call's end while it goes on.</summary>
internal sealed class Ending
{
    /// <summary>The verdict that decided; null while nothing has.</summary>
    public Verdict? Verdict { get; private set; }

    /// <summary>How it ends, in the trail's words.</summary>
    public string Outcome { get; set; } = "denied";

    /// <summary>What guards noticed and did not refuse.</summary>
    public IReadOnlyList<Notice> Notices { get; private set; } = [];

    /// <summary>A guard took notice.</summary>
    public void Notice(IReadOnlyList<Notice> more)
    {
        if (more.Count > 0)
        {
            Notices = [.. Notices, .. more];
        }
    }

    /// <summary>An output guard took notice of the answer: its evidence is kept, whichever verdict is.</summary>
    public void Notice(Verdict noticed)
    {
        Allow(noticed);
        Verdict = Verdict! with { Evidence = noticed.Evidence };
    }

    /// <summary>A guard refuses.</summary>
    public void Refuse(Verdict verdict) => (Verdict, Outcome) = (verdict, "denied");

    /// <summary>A guard allows; the gravest notice that one took is kept, and an approval before any other.</summary>
    public void Allow(Verdict verdict)
    {
        if (Verdict is null || verdict.Approval is not null || (verdict.Rule.Length > 0 && verdict.Severity >= Verdict.Severity && Verdict.Approval is null))
        {
            Verdict = verdict;
        }
    }
}
