using ClusterTrail.Testing;
using ClusterTrail.Testing.Chains;
using ClusterTrail.Verification.Findings;

namespace ClusterTrail.Verification.Tests;

/// <summary>Digests with any bytes: they are refused, and nothing ends with an exception.</summary>
public sealed class FuzzTests
{
    const int Mutations = 200;

    [Fact]
    public void AChangedDigestOrKeyRecordNeverPasses() => RandomSequences.Run(Mutations, seed =>
    {
        using var world = new TwoNodes(seed % 7);
        var random = new Random(seed);
        var names = world.Objects.Keys.Where(name => !name.StartsWith("events/", StringComparison.Ordinal)).ToList();
        var name = names[random.Next(names.Count)];
        var before = world.Objects[name];
        world.Objects[name] = Mutate(random, before);

        var result = world.Archive.VerifyAsync().GetAwaiter().GetResult();

        Assert.True(before.SequenceEqual(world.Objects[name]) || result.Gravest(strict: false) is not null, $"{name}\n{result.Text()}");
        Assert.DoesNotContain(result.Findings.Counts, one => one.Kind == FindingKind.NothingFound);
    });

    static byte[] Mutate(Random random, byte[] bytes)
    {
        var at = random.Next(bytes.Length);
        var noise = new byte[random.Next(1, 40)];
        random.NextBytes(noise);
        return random.Next(5) switch
        {
            0 => [.. bytes[..at], (byte)(bytes[at] ^ (1 << random.Next(8))), .. bytes[(at + 1)..]],
            1 => bytes[..at],
            2 => [.. bytes[..at], .. noise, .. bytes[at..]],
            3 => [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + noise.Length)..]],
            _ => [.. bytes[..at], .. bytes[at..], .. bytes[..random.Next(bytes.Length)]],
        };
    }
}
