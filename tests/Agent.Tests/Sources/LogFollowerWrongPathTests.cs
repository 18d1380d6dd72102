namespace ClusterTrail.Agent.Tests.Sources;

/// <summary>A log that is not where the agent looks, for a while or for good.</summary>
public sealed class LogFollowerWrongPathTests : IDisposable
{
    const string Rotated = "audit-2026-11-22T05-00-00.000.log";

    readonly DiskLog log = new();
    readonly string right;

    public LogFollowerWrongPathTests()
    {
        right = log.Live;
        log.Append("a1\na2\na3\n");
        Assert.Equal("a1", log.ReadOne());
    }

    public void Dispose() => log.Dispose();

    [Theory]
    [InlineData("typo.log")]
    [InlineData("no-such-folder/audit.log")]
    public void APathWithoutALogLosesNothingAndForgetsNothing(string typo)
    {
        StartAt(log.Join(typo));
        var before = log.Progress.Files;

        Assert.Equal("", log.ReadSettled());

        Assert.StartsWith($"{log.Join(typo)} does not exist", log.View.Missing);
        Assert.Equal(before, log.Progress.Files);
        StartAt(right);
        log.Append("a4\n");
        Assert.Equal("a2 a3 a4", log.ReadSettled());
        Assert.Empty(log.Gaps);
    }

    [Fact]
    public void WhatWasRotatedMeanwhileIsFoundWhenThePathIsCorrected()
    {
        StartAt(log.Join("typo.log"));
        log.ReadSettled();
        File.Move(right, log.Join(Rotated));
        File.WriteAllText(right, "b1\n");

        StartAt(right);

        Assert.Equal("a2 a3 b1", log.ReadSettled());
        Assert.Empty(log.Gaps);
    }

    // Nobody can know that it is meant to be the same log: of the old one, what was not read is missing from the history.
    [Fact]
    public void APathToAnotherLogIsAGapOfTheOldOneUntilThePathIsCorrected()
    {
        File.WriteAllText(log.Join("other.log"), "o1\n");
        StartAt(log.Join("other.log"));

        Assert.Equal("o1", log.ReadSettled());

        var gap = Assert.Single(log.Gaps);
        Assert.Equal((3, 6, "Vanished"), (gap.Offset, gap.Bytes, gap.Reason));
        StartAt(right);
        Assert.Equal("a2 a3", log.ReadSettled());
    }

    [Fact]
    public void HoweverManyRotatedFilesWereReadNoneIsReadAgainWhenTheirVolumeComesBack()
    {
        for (var number = 1; number <= 400; number++)
        {
            File.WriteAllText(log.Join($"audit.log.{number}"), $"b{number}\n");
        }

        log.Append("live\n");
        Assert.Equal(403, log.ReadSettled().Split(' ').Length);
        var folder = Path.GetDirectoryName(log.Live)!;
        log.Restart();
        Directory.Move(folder, folder + ".away");
        Assert.Equal("", log.ReadSettled());

        Directory.Move(folder + ".away", folder);
        log.Time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal("", log.ReadSettled());
        Assert.Empty(log.Gaps);
    }

    [Fact]
    public void ALogThatWentAwayIsAGapOnceThereIsANewOne()
    {
        File.Delete(right);
        log.Restart();
        Assert.Equal("", log.ReadSettled());
        Assert.Empty(log.Gaps);

        log.Append("b1\n");

        Assert.Equal("b1", log.ReadSettled());
        Assert.Equal("Vanished", Assert.Single(log.Gaps).Reason);
    }

    [Fact]
    public void ALogThatComesBackTogetherWithItsVolumeIsNoGap()
    {
        var folder = Path.GetDirectoryName(right)!;
        log.Rotate(Rotated, "b1\n");
        Directory.Move(folder, folder + ".away");
        log.Restart();
        log.ReadSettled();

        Directory.Move(folder + ".away", folder);

        Assert.Equal("a2 a3 b1", log.ReadSettled());
        Assert.Empty(log.Gaps);
    }

    void StartAt(string path)
    {
        log.Configuration = log.Configuration with { Path = path };
        log.Restart();
    }
}
