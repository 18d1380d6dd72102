using System.Diagnostics;
using ClusterTrail.Testing;

namespace ClusterTrail.Trails.Tests.Golden;

/// <summary>What a case is expected to give, a file for each object. <c>UPDATE_GOLDEN=1</c> accepts what it gives.</summary>
static class GoldenFolder
{
    const string Update = "UPDATE_GOLDEN";

    public static string PathOf(string name) => Repository.PathOf("tests", "Trails.Tests", "Golden", name);

    public static async Task CompareAsync(string name, IReadOnlyDictionary<string, string> actual)
    {
        var folder = PathOf(name);
        if (Environment.GetEnvironmentVariable(Update) == "1")
            Accept(folder, actual);
        using var given = new TemporaryFolder();
        foreach (var (file, text) in actual)
            await File.WriteAllTextAsync(given.Join(file), text);
        var difference = await DifferenceAsync(folder, given.Path);
        Assert.True(
            difference.Length == 0,
            $"The objects are not as in {folder}; if they should be as they are now, accept them: "
                + $"{Update}=1 ./test.sh Trails.Tests\n{difference}");
    }

    static void Accept(string folder, IReadOnlyDictionary<string, string> actual)
    {
        Directory.CreateDirectory(folder);
        foreach (var old in Directory.GetFiles(folder).Where(file => Path.GetFileName(file) != GoldenCase.Input))
            File.Delete(old);
        foreach (var (file, text) in actual)
            File.WriteAllText(Path.Combine(folder, file), text);
    }

    static async Task<string> DifferenceAsync(string expected, string given)
    {
        using var diff = Process.Start(new ProcessStartInfo("diff", ["--unified", "--recursive", "--new-file", $"--exclude={GoldenCase.Input}", expected, given])
        {
            RedirectStandardOutput = true,
        })!;
        var difference = await diff.StandardOutput.ReadToEndAsync();
        await diff.WaitForExitAsync();
        Assert.InRange(diff.ExitCode, 0, 1);
        return difference;
    }
}
