namespace ClusterTrail.Fixtures;

/// <summary>Files that say what is expected. <c>UPDATE_GOLDEN=1</c> accepts what is there instead.</summary>
public static class Golden
{
    static bool Accepts => Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1";

    public static void Check(string path, string actual)
    {
        if (Accepts)
            File.WriteAllText(path, actual);
        var expected = File.Exists(path) ? File.ReadAllText(path) : "";
        if (expected != actual)
            Assert.Fail($"{path} is not what is there now; UPDATE_GOLDEN=1 accepts it.\n{FirstDifference(expected, actual)}");
    }

    static string FirstDifference(string expected, string actual)
    {
        var (before, after) = (expected.Split('\n'), actual.Split('\n'));
        var line = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"Line {line + 1}\n  expected: {LineOf(before)}\n  actual:   {LineOf(after)}";

        string LineOf(string[] lines) => lines.ElementAtOrDefault(line) ?? "(end)";
    }
}
