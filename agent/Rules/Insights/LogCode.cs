namespace ClusterTrail.Rules.Insights;

/// <summary>A rate in two bytes, true to a thousandth.</summary>
static class LogCode
{
    const float Steps = 1000;

    public static ushort Of(float rate) => (ushort)Math.Min(MathF.Round(MathF.Log(1 + rate) * Steps), ushort.MaxValue);

    public static float Rate(ushort code) => code == 0 ? 0 : MathF.Exp(code / Steps) - 1;
}
