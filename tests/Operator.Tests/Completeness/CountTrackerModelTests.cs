using ClusterTrail.Operator.Completeness;

namespace ClusterTrail.Operator.Tests.Completeness;

/// <summary>A tracker against the truth: random loads, delays, losses, added lines, and restarts of the API server and of the operator.</summary>
public sealed class CountTrackerModelTests
{
    /// <summary>What may happen beside loads, delays and losses.</summary>
    [Flags]
    public enum Trouble
    {
        None = 0,
        ServerRestarts = 1,
        OperatorRestarts = 2,
        AddedLines = 4,

        /// <summary>For some rounds an agent is late that should not be compared.</summary>
        Stall = 8,

        /// <summary>Nothing happens while it is looked, and nothing is late: all can be known to the event.</summary>
        Quiet = 16,
    }

    [Theory]
    [InlineData(1, 2000, Trouble.None)]
    [InlineData(2, 2000, Trouble.OperatorRestarts)]
    [InlineData(3, 2000, Trouble.ServerRestarts)]
    [InlineData(4, 2000, Trouble.ServerRestarts | Trouble.OperatorRestarts | Trouble.AddedLines)]
    [InlineData(5, 2000, Trouble.Stall)]
    [InlineData(6, 2000, Trouble.Stall | Trouble.OperatorRestarts)]
    [InlineData(7, 2000, Trouble.Quiet)]
    [InlineData(8, 2000, Trouble.Quiet | Trouble.ServerRestarts)]
    [InlineData(9, 2000, Trouble.Quiet | Trouble.OperatorRestarts)]
    public void WhatItSaysIsTrue(int seed, int runs, Trouble trouble)
    {
        for (var run = 0; run < runs; run++)
            new Run(new((seed * 1_000_003) + run), trouble, $"run {run}").ToItsEnd();
    }

    sealed class Run(Random random, Trouble trouble, string name)
    {
        const int Rounds = 80;

        readonly int rate = random.Next(0, 500);
        readonly int stalledFrom = random.Next(20, 50);
        readonly int stalledFor = random.Next(3, 9);
        readonly Queue<bool> lateBefore = new();
        CountTracker tracker = new("cp-1", null);
        // All since the world began; made also of the API server that counts now.
        long made = random.Next(5000), read = random.Next(5000), delay, lost, added, unseen;
        long lostAtBegin, lateAtBegin;
        int restarts, sinceRestart;

        public void ToItsEnd()
        {
            for (var round = 0; round < Rounds; round++)
            {
                Restart(round);
                Happen(round, out var before);
                Look(round, before);
                // What it says of a stall is taken back when three looks show that it was none: at the latest in quiet moments.
                if (!Is(Trouble.Stall) || round < stalledFrom || round == Rounds - 1)
                    Check(round);
            }

            if (Is(Trouble.Quiet))
                CheckThatAllIsTold();
        }

        bool Is(Trouble one) => trouble.HasFlag(one);

        bool IsQuiet(int round) => Is(Trouble.Quiet) || (Is(Trouble.Stall) && round >= Rounds - 5);

        void Restart(int round)
        {
            sinceRestart++;
            if (Is(Trouble.ServerRestarts) && round is > 0 and < Rounds - 12 && random.Next(25) == 0)
            {
                // What it made after the last look nobody can know.
                var more = random.Next(0, rate + 1);
                var loss = random.Next(3) == 0 ? more : 0;
                (delay, lost, unseen) = (delay + more - loss, lost + loss, unseen + more);
                (made, sinceRestart, restarts) = (0, 0, restarts + 1);
            }

            if (Is(Trouble.OperatorRestarts) && (sinceRestart > 12 || !Is(Trouble.Quiet)) && random.Next(25) == 0)
                tracker = new("cp-1", tracker.View is { } view ? view with { LastAt = At(round) } : null);
        }

        // Events are made, and an agent reads them or is late: what was late is read by now, but in at most two of ten rounds.
        void Happen(int round, out long before)
        {
            var isStalled = Is(Trouble.Stall) && round >= stalledFrom && round < stalledFrom + stalledFor;
            var isLate = isStalled || (!Is(Trouble.Quiet) && !(Is(Trouble.Stall) && round > stalledFrom) && random.Next(5) == 0
                && lateBefore.Count(was => was) < 2);
            lateBefore.Enqueue(isLate && !isStalled);
            if (lateBefore.Count > 9)
                lateBefore.Dequeue();
            if (!isLate)
                (read, delay) = (read + delay, 0);
            var events = random.Next(4) == 0 ? 0 : random.Next((rate * 30) + 1);
            var loss = round is > 0 and < Rounds - 5 && random.Next(20) == 0 ? Math.Min(events, random.Next(1, 2000)) : 0;
            (made, lost) = (made + events, lost + loss);
            (read, delay) = isLate ? (read, delay + events - loss) : (read + events - loss, delay);
            var more = Is(Trouble.AddedLines) && round > 15 && random.Next(20) == 0 ? random.Next(1, 2000) : 0;
            (read, added, before) = (read + more, added + more, made);
            var between = IsQuiet(round) || random.Next(3) == 0 ? 0 : random.Next((rate * 2) + 1);
            var unread = isLate ? between : random.Next(between + 1);
            (made, read, delay) = (made + between, read + between - unread, delay + unread);
        }

        void Look(int round, long before)
        {
            var later = IsQuiet(round) || random.Next(3) == 0 ? 0 : random.Next(rate + 1);
            (made, delay) = (made + later, delay + later);
            tracker.Take(new($"s{restarts}", "a", before, read, made, default, At(round)));
            if (tracker.View!.Since == At(round))
                (lostAtBegin, lateAtBegin) = (lost, delay - later);
        }

        void Check(int round)
        {
            var view = tracker.View!;
            var told = view.MissingAtLeast + view.EarlierMissing;
            Assert.True(told <= lost, $"{name}, round {round}: {told} said, {lost} lost");
            Assert.True(view.SurplusAtLeast <= added, $"{name}, round {round}: {view.SurplusAtLeast} more said, {added} added");
            Assert.True(view.MissingAtLeast <= view.MissingAtMost, $"{name}, round {round}: {view}");
            // What was late at the beginning cannot be told from what was lost just then.
            Assert.True(
                Is(Trouble.AddedLines) || view.MissingAtMost >= lost - lostAtBegin - lateAtBegin,
                $"{name}, round {round}: at most {view.MissingAtMost} said, {lost} lost, {lostAtBegin} of them before");
        }

        void CheckThatAllIsTold()
        {
            var view = tracker.View!;
            var told = view.MissingAtLeast + view.EarlierMissing;
            Assert.True(told >= lost - unseen, $"{name}: {told} said, {lost} lost, {unseen} were never counted");
        }

        static DateTimeOffset At(int round) => Some.Noon.AddMinutes(round);
    }
}
