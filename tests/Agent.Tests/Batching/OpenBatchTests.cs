using System.Text;
using ClusterTrail.Agent.Batching;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Batching;

public sealed class OpenBatchTests : IDisposable
{
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    readonly ManualTime time = new();
    readonly OpenBatch batch;

    public OpenBatchTests() => batch = new(new(), time);

    public void Dispose() => batch.Dispose();

    [Fact]
    public void AnEmptyBatchIsNeverDue()
    {
        time.Advance(TimeSpan.FromDays(1));

        Assert.True(batch.IsEmpty);
        Assert.False(batch.IsDue(Limits(1)));
    }

    [Fact]
    public void ABatchIsDueWhenItsRecordsReachTheSize()
    {
        Add("123456789\n");
        var before = batch.IsDue(Limits(20));

        Add("123456789\n");

        Assert.False(before);
        Assert.True(batch.IsDue(Limits(20)));
        Assert.Equal((2, 20L), (batch.Events, batch.RecordBytes));
    }

    [Fact]
    public void ABatchIsDueAtItsAgeCountedFromItsFirstRecord()
    {
        time.Advance(TimeSpan.FromHours(1));
        Add("a\n");
        time.Advance(Minute - TimeSpan.FromMilliseconds(1));
        Add("b\n");
        var before = batch.IsDue(Limits(1000));

        time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.False(before);
        Assert.True(batch.IsDue(Limits(1000)));
    }

    [Fact]
    public void ABatchTellsItsFirstAndLast()
    {
        Add("a\n", 10, "2026-11-22T05:35:25.100000Z");
        Add("b\n", 20, "2026-11-22T05:35:26.200000Z");

        Assert.Equal((10L, 20L), (batch.First.Offset, batch.Last.Offset));
        Assert.Equal(new(2026, 11, 22, 5, 35, 25, 100, TimeSpan.Zero), batch.FirstEvent);
        Assert.Equal(new(2026, 11, 22, 5, 35, 26, 200, TimeSpan.Zero), batch.LastEvent);
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("2026-11-22T05:35:25.100000Z and much more than a time has")]
    public void AFirstRecordThatTellsNoTimeHasTheClocks(string eventTime)
    {
        Add("a\n", 0, eventTime);

        Assert.Equal(time.GetUtcNow(), batch.FirstEvent);
        Assert.Equal(time.GetUtcNow(), batch.LastEvent);
    }

    [Fact]
    public void ALastRecordThatTellsNoTimeLeavesThatOfTheOneBefore()
    {
        Add("a\n", 0, "2026-11-22T05:35:25Z");
        Add("b\n", 1, "2026-11-22T05:35:30Z");
        Add("c\n", 2, "");

        Assert.Equal(new(2026, 11, 22, 5, 35, 30, TimeSpan.Zero), batch.LastEvent);
    }

    [Fact]
    public void OneInstanceMakesManyBatches()
    {
        for (var round = 1; round <= 5; round++)
        {
            var records = Enumerable.Range(0, round * 100).Select(at => $"{{\"round\":{round},\"at\":{at}}}\n").ToArray();
            time.Advance(Minute);
            foreach (var record in records)
                Add(record, round, round % 2 == 0 ? "" : $"2026-11-22T05:0{round}:00Z");

            Assert.False(batch.IsDue(Limits(int.MaxValue)));
            var plain = PlainBatch.TextOf(batch.Close());

            Assert.Equal(string.Concat(records), plain);
            Assert.Equal((records.Length, (long)plain.Length), (batch.Events, batch.RecordBytes));
            Assert.Equal(round % 2 == 0 ? time.GetUtcNow() : new(2026, 11, 22, 5, round, 0, TimeSpan.Zero), batch.FirstEvent);
            Assert.Equal(batch.FirstEvent, batch.LastEvent);
            Assert.Equal(round, batch.First.Offset);
            batch.Clear();
            Assert.True(batch.IsEmpty);
            Assert.Equal(0, batch.RecordBytes);
        }
    }

    [Fact]
    public void ABatchThatIsGivenUpLeavesNothingBehind()
    {
        Add("given up\n");
        batch.Close();
        batch.Clear();

        Add("kept\n");

        Assert.Equal("kept\n", PlainBatch.TextOf(batch.Close()));
    }

    [Fact]
    public void ABatchWithLittleInItStaysOpenUntilItIsWorthAnObject()
    {
        var limits = new BatchLimits(new() { MaxAgeSeconds = 60, MaxQuietAgeSeconds = 900 });
        Add("a\n");
        time.Advance(TimeSpan.FromSeconds(899));
        var little = batch.IsDue(limits);
        Add(new string('b', 64 << 10));
        var enough = batch.IsDue(limits);
        batch.Clear();
        Add("c\n");
        time.Advance(TimeSpan.FromSeconds(900));

        Assert.Equal((false, true, true), (little, enough, batch.IsDue(limits)));
    }

    [Fact]
    public void WhatAFindingRefersToIsDeliveredAtOnceAndAtMostOnceASecond()
    {
        var limits = new BatchLimits(new() { MaxAgeSeconds = 60, MaxQuietAgeSeconds = 900 });
        Add("a\n");
        batch.NoteFinding();
        var before = batch.IsDue(limits);
        time.Advance(TimeSpan.FromSeconds(1));
        var after = batch.IsDue(limits);
        batch.Clear();
        Add("b\n");
        time.Advance(Minute);

        Assert.Equal((false, true, false), (before, after, batch.IsDue(limits)));
    }

    static BatchLimits Limits(int maxBytes) => new(new() { MaxBytes = maxBytes, MaxAgeSeconds = (int)Minute.TotalSeconds });

    void Add(string record, long offset = 0, string eventTime = "2026-11-22T05:35:25Z") =>
        batch.Add(Encoding.UTF8.GetBytes(record), Some.Position with { Offset = offset }, Encoding.UTF8.GetBytes(eventTime));
}
