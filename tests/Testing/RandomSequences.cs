namespace ClusterTrail.Testing;

/// <summary>How many random sequences a model is held to.</summary>
public static class RandomSequences
{
    const int FastShare = 10;

    static readonly bool IsFast = Environment.GetEnvironmentVariable("CLUSTERTRAIL_TEST_FAST") is { Length: > 0 };

    /// <summary>All of them, or the first tenth under <c>test.sh --fast</c>.</summary>
    public static int Of(int all) => IsFast ? all / FastShare : all;
}
