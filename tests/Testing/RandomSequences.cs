using System.Globalization;

namespace ClusterTrail.Testing;

/// <summary>How many random sequences a model is held to.</summary>
public static class RandomSequences
{
    const int FastShare = 10;

    static readonly bool IsFast = Environment.GetEnvironmentVariable("CLUSTERTRAIL_TEST_FAST") is { Length: > 0 };

    static readonly bool IsOne = Environment.GetEnvironmentVariable("CLUSTERTRAIL_TEST_ONE") is { Length: > 0 };

    static readonly int Times = Number("CLUSTERTRAIL_TEST_SEQUENCES", 1);

    /// <summary>The first seed: another one tries other sequences; with CLUSTERTRAIL_TEST_ONE only that one.</summary>
    public static int FirstSeed { get; } = Number("CLUSTERTRAIL_TEST_SEED", 1);

    /// <summary>All of them, or the first tenth under <c>test.sh --fast</c>; so many times as many as CLUSTERTRAIL_TEST_SEQUENCES says.</summary>
    public static int Of(int all) => IsOne ? 1 : (IsFast ? all / FastShare : all) * Times;

    static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
