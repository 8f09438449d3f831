namespace McpInfra.InjectionTraining;

/// <summary>What the windows of each length have to reach for a text to be flagged.</summary>
internal static class Threshold
{
    private const int Rounds = 6;
    private static readonly double[] Factors = [.. Enumerable.Range(2, 15).Select(quarter => quarter / 4.0)];
    private static readonly double[] Steps = [-2, -1, -0.5, -0.25, 0.25, 0.5, 1, 2];

    /// <summary>The thresholds that flag as many attacks as possible and no more than so many harmless texts.</summary>
    /// <param name="harmless">For each text the worst window of each length, in log odds.</param>
    /// <param name="attacks">The same of attacks.</param>
    public static double[] Choose(double[][] harmless, double[][] attacks, int flagged)
    {
        var best = Common(harmless, new double[harmless[0].Length], flagged);
        var found = Count(attacks, best);
        for (var round = 0; round < Rounds; round++)
        {
            for (var length = 0; length < best.Length; length++)
            {
                foreach (var step in Steps)
                {
                    var tried = best.ToArray();
                    tried[length] += step;
                    tried = Common(harmless, tried, flagged);
                    if (Count(attacks, tried) is var more && more > found)
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

    // Moved together so that exactly so many harmless texts are above.
    private static double[] Common(double[][] harmless, double[] thresholds, int flagged)
    {
        var by = harmless.Select(windows => Above(windows, thresholds)).OrderDescending().ElementAt(flagged);
        return [.. thresholds.Select(threshold => threshold + by)];
    }

    private static int Count(double[][] attacks, double[] thresholds) => attacks.Count(windows => Above(windows, thresholds) > 0);
}
