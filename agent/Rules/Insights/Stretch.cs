namespace ClusterTrail.Rules.Insights;

/// <summary>Minutes in a row of which the rate is unusual.</summary>
/// <param name="First">The first elevated minute.</param>
/// <param name="Baseline">What was usual when it began.</param>
record struct Stretch(Minute First, float Baseline)
{
    double sum;
    int minutes;

    // Since the last elevated one.
    double calmSum;

    public Minute Last { get; private set; } = First;

    public double Peak { get; private set; }

    public int Calm { get; private set; }

    public readonly double Mean => sum / Math.Max(1, minutes);

    public readonly int Minutes => minutes;

    public void Add(Minute minute, float rate, bool isElevated)
    {
        calmSum += rate;
        Calm++;
        if (isElevated)
        {
            sum += calmSum;
            minutes += Calm;
            (calmSum, Calm, Last) = (0, 0, minute);
            Peak = Math.Max(Peak, rate);
        }
    }
}
