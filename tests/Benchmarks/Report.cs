using System.Globalization;

namespace ClusterTrail.Benchmarks;

/// <summary>Prints figures as <c>name value unit</c>, and remembers which missed their limit.</summary>
sealed class Report
{
    public bool AllWithinLimits { get; private set; } = true;

    public static void Figure(string name, double value, string unit) => Print(name, value, unit, "");

    public void AtLeast(string name, double value, string unit, double limit) =>
        Limited(name, value, unit, value >= limit, $"at least {limit}");

    public void AtMost(string name, double value, string unit, double limit) =>
        Limited(name, value, unit, value <= limit, $"at most {limit}");

    void Limited(string name, double value, string unit, bool isWithin, string limit)
    {
        AllWithinLimits &= isWithin;
        Print(name, value, unit, string.Create(CultureInfo.InvariantCulture, $" ({(isWithin ? "ok" : "MISSED")}: {limit})"));
    }

    static void Print(string name, double value, string unit, string remark) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {value:0.####} {unit}{remark}"));
}
