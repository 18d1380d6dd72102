using System.Text;
using ClusterTrail.History.Reading;
using ClusterTrail.Testing;

namespace ClusterTrail.History.Tests.Reading;

public sealed class LinesTests
{
    const int MostBytes = 100;

    [Fact]
    public void EveryLineComesWholeAndOneThatIsTooLongIsSkipped() => RandomSequences.Run(2000, seed =>
    {
        var random = new Random(seed);
        var lines = Enumerable.Range(0, random.Next(20)).Select(_ => new string('x', random.Next(random.Next(3) * MostBytes + 3))).ToList();
        var text = string.Join('\n', lines) + (random.Next(2) == 0 ? "\n" : "");

        var read = Lines.Read(new Trickle(Encoding.ASCII.GetBytes(text), random), MostBytes)
            .Select(line => line.IsTooLong ? "too long" : Encoding.ASCII.GetString(line.Text.Span));

        var expected = text.Split('\n').ToList();
        if (expected[^1].Length == 0)
            expected.RemoveAt(expected.Count - 1);
        Assert.Equal(expected.Select(line => line.Length > MostBytes ? "too long" : line), read);
    });

    /// <summary>Gives as much at a time as it likes.</summary>
    sealed class Trickle(byte[] bytes, Random random) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, random.Next(1, 200)));
    }
}
