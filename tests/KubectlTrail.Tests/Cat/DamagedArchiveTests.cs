using System.Text;
using System.Text.RegularExpressions;
using ClusterTrail.Archive;
using ClusterTrail.Archive.Sealing;
using ClusterTrail.Testing;

namespace ClusterTrail.Kubectl.Tests.Cat;

/// <summary>Objects with random damage: each seed is one archive.</summary>
public sealed class DamagedArchiveTests : IDisposable
{
    const int Sequences = 600;

    readonly KeyPair pair = KeyPair.GenerateP256();
    readonly ArchiveFolder keys = new();

    public void Dispose() => keys.Dispose();

    [Fact]
    public void WhateverAnObjectIsItIsRecordsAndSentencesWithItsName()
    {
        var key = keys.AddKey(pair);
        RandomSequences.Run(Sequences, seed =>
        {
            var random = new Random(seed);
            using var archive = new ArchiveFolder();
            var (codec, encrypted) = (random.Next(2) == 0 ? Codec.Zstd : Codec.Gzip, random.Next(3) == 0);
            var file = archive.Add(Some.Batch(codec: codec, encrypted: encrypted), Damaged(Object(random, codec, encrypted), random));
            archive.Add(Some.Batch(sequence: 2), Some.Zstd(Some.Record("after")));

            var format = random.Next(2) == 0 ? "json" : "table";
            var outcome = CommandLine.RunAsync("cat", archive.Path, "--key", key, "-o", format).GetAwaiter().GetResult();

            Assert.Contains("after", outcome.Lines[^1], StringComparison.Ordinal);
            Assert.True(outcome.ExitCode is 0 or 1 or 3, $"{outcome.ExitCode}");
            Assert.Equal(outcome.ExitCode != 0, outcome.Error.Length > 0);
            Assert.Matches($"^(kubectl trail: {Regex.Escape(file)}[ :][^\n]*[.]\n)*$", outcome.Error);
            Assert.DoesNotMatch(@"\(\w+Exception\)", outcome.Error);
            Assert.InRange(outcome.Error.Length, 0, 4000);
        });
    }

    byte[] Object(Random random, Codec codec, bool encrypted)
    {
        var lines = Enumerable.Range(0, random.Next(1, 5)).Select(_ => Line(random)).ToArray();
        var body = Some.Compressed(codec, lines);
        return encrypted ? new Envelope([Recipient.FromPem(pair.PublicPem)]).Seal(body) : body;
    }

    static string Line(Random random) => random.Next(4) switch
    {
        0 => Some.Record(new string('x', random.Next(5000))),
        1 => Encoding.Latin1.GetString(Damaged(Encoding.Latin1.GetBytes(Some.Record()), random)),
        2 => new string('[', random.Next(20_000)),
        _ => Some.Record(),
    };

    static byte[] Damaged(byte[] whole, Random random) => Damage.To(whole, random.Next(4), [[0xff, 0xff, 0xff, 0x7f]], random);
}
