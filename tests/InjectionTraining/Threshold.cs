namespace McpInfra.InjectionTraining;

/// <summary>What the windows of each length have to reach for a text to be flagged.</summary>
internal static class Threshold
{
    private const int Rounds = 6;
    private static readonly double[] Factors = [.. Enumerable.Range(2, 15).Select(quarter => quarter / 4.0)];
    private static readonly double[] Steps = [-2, -1, -0.5, -0.25, 0.25, 0.5, 1, 2];

    /// <summary>The thresholds that flag as great a share as possible of each set of attacks, and of each set of harmless texts no more than allowed.</summary>
    /// <param name="harmless">Sets of texts, for each text the worst window of each length, in log odds; and the share that may be flagged.</param>
    /// <param name="attacks">The same of attacks.</param>
    public static double[] Choose((double[][] Windows, double Share)[] harmless, double[][][] attacks)
    {
        var best = Common(harmless, new double[harmless[0].Windows[0].Length]);
        var found = Found(attacks, best);
        for (var round = 0; round < Rounds; round++)
        {
            for (var length = 0; length < best.Length; length++)
            {
                foreach (var step in Steps)
                {
                    var tried = best.ToArray();
                    tried[length] += step;
                    tried = Common(harmless, tried);
                    if (Found(attacks, tried) is var more && more > found)
                    {
                        (best, found) = (tried, more);
                    }
                }
            }
        }

        return best;
    }

    /// <summary>The factor by which distances from the threshold become the log odds that a text is an attack: the likeliest one.</summary>
    public static double Steepness(double[] harmless, double[] attacks) =>
        Factors.MinBy(factor => harmless.Sum(above => Surprise(factor * above)) + attacks.Sum(above => Surprise(-factor * above)));

    /// <summary>How far the text is above its thresholds, at most.</summary>
    public static double Above(double[] windows, double[] thresholds) => windows.Zip(thresholds, (window, threshold) => window - threshold).Max();

    private static double Surprise(double odds) => odds > 0 ? odds + Math.Log(1 + Math.Exp(-odds)) : Math.Log(1 + Math.Exp(odds));

    // Moved together so that of one set exactly as many as allowed are above, and of no set more.
    private static double[] Common((double[][] Windows, double Share)[] harmless, double[] thresholds)
    {
        var by = harmless.Max(set => set.Windows.Select(windows => Above(windows, thresholds)).OrderDescending().ElementAt((int)(set.Windows.Length * set.Share)));
        return [.. thresholds.Select(threshold => threshold + by)];
    }

    private static double Found(double[][][] attacks, double[] thresholds) => attacks.Sum(set => set.Average(windows => Above(windows, thresholds) > 0 ? 1.0 : 0));
}
