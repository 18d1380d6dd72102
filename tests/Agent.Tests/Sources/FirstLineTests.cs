using ClusterTrail.Agent.Sources;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources;

public sealed class FirstLineTests
{
    readonly InMemoryLogFiles files = new();

    [Fact]
    public void ItIsTheSameForACopyThatIsLongerAndForOneBehindAHole()
    {
        var line = Of("{\"a\":1}\n", isWhole: false);

        Assert.Equal(line!.Root, Of("{\"a\":1}\n{\"a\":2}\n", isWhole: false)!.Root);
        Assert.Equal(line.Root, Of("\0\0\0\r\n{\"a\":1}\n", isWhole: false)!.Root);
        Assert.NotEqual(line.Root, Of("{\"a\":2}\n", isWhole: false)!.Root);
    }

    [Fact]
    public void ALineWithoutAnEndTellsNothingUntilItsFileIsWhole()
    {
        Assert.Null(Of("{\"a\":1}", isWhole: false));
        Assert.Null(Of("", isWhole: true));
        Assert.Null(Of("\0\0", isWhole: true));
        Assert.Equal(Of("{\"a\":1}\n", isWhole: false)!.Root, Of("{\"a\":1}", isWhole: true)!.Root);
    }

    [Theory]
    [InlineData("\0\0\0a1\n", "\0\0\0a1\na2\n", true)]
    [InlineData("\0\0\0a1\n", "\0\0\0\0\0\0\0b1\n", false)]
    [InlineData("a1\n", "a1\na2\n", true)]
    [InlineData("a1\n", "b1\n", false)]
    [InlineData("a1\na2\n", "a1\n", false)]
    public void ItTellsAnotherContentInTheSameFile(string before, string now, bool isSame)
    {
        var line = Of(before, isWhole: false);
        Create(now);
        using var file = files.Open("audit.log")!;

        Assert.Equal(isSame, line!.IsStillOf(file));
    }

    FirstLine? Of(string text, bool isWhole)
    {
        Create(text);
        using var file = files.Open("audit.log")!;
        return FirstLine.Read(file, isWhole);
    }

    void Create(string text)
    {
        files.Create("audit.log");
        files.Append("audit.log", System.Text.Encoding.UTF8.GetBytes(text));
    }
}
