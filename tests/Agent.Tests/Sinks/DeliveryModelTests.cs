using ClusterTrail.Agent.Sinks;
using ClusterTrail.Agent.Spool;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sinks;

/// <summary>Thousands of random sequences of deliveries, refusals, outages and waiting, with a few uploads at once.</summary>
public sealed class DeliveryModelTests
{
    [Fact]
    public void WhatTheSinkWouldTakeIsDeliveredWhateverItRefuses() => RandomSequences.Run(1500, seed => new Model(new Random(seed)).Run());

    sealed class Model(Random random)
    {
        readonly ManualTime time = new();
        readonly int concurrency = random.Next(1, 5);
        readonly double refusedShare = random.NextDouble();
        readonly List<SpooledBatch> inHand = [];
        readonly Dictionary<SpooledBatch, FailureScope> refused = new(ReferenceEqualityComparer.Instance);
        readonly HashSet<SpooledBatch> waiting = new(ReferenceEqualityComparer.Instance);
        DeliveryQueue queue = null!;
        long sequence;
        bool isOut;
        bool everTook;

        public void Run()
        {
            queue = new(time);
            for (var action = 0; action < 300; action++)
                Act();

            isOut = false;
            DeliverAll();
            SetAsideAll();
            Finish();
        }

        void Act()
        {
            switch (random.Next(20))
            {
                case < 5: AddOne(); break;
                case < 11: Take(); break;
                case < 17: Conclude(); break;
                case 17: time.Advance(TimeSpan.FromSeconds(random.Next(600))); break;
                default: isOut = random.Next(3) == 0; break;
            }
        }

        SpooledBatch AddOne()
        {
            var batch = new SpooledBatch("/spool", "apiserver", ++sequence, time.GetUtcNow(), 4096, IsNamedByTime: true);
            if (random.NextDouble() < refusedShare)
                refused[batch] = (FailureScope)random.Next(3);

            waiting.Add(batch);
            queue.Add(batch);
            return batch;
        }

        bool Take()
        {
            if (inHand.Count == concurrency || Next() is not { } batch)
                return false;

            Assert.Contains(batch, waiting);
            Assert.DoesNotContain(batch, inHand);
            inHand.Add(batch);
            return true;
        }

        void Conclude()
        {
            if (inHand.Count == 0)
                return;

            var batch = inHand[random.Next(inHand.Count)];
            inHand.Remove(batch);
            if (isOut || refused.ContainsKey(batch))
            {
                var isAside = queue.Failed(batch, "Code", isOut ? FailureScope.Sink : refused[batch]).IsAside;
                Assert.True(everTook || !isAside, "Set aside, though the sink has taken nothing.");
                return;
            }

            everTook = true;
            queue.Delivered();
            waiting.Remove(batch);
            queue.Done(batch);
        }

        // Each batch that the sink would take needs one attempt, each refused one a few; what an outage has set aside is due within an
        // hour.
        void DeliverAll()
        {
            var most = (waiting.Count * 14) + 50;
            for (var (attempts, hours) = (0, 0); waiting.Count > refused.Count; attempts++)
            {
                Assert.True(attempts < most, $"{waiting.Count - refused.Count} batches still wait after {attempts} attempts.");
                if (!Take() && inHand.Count == 0)
                {
                    Assert.True(hours++ < 3, "It waits for nothing.");
                    time.Advance(TimeSpan.FromHours(1));
                }

                if (inHand.Count == concurrency || random.Next(2) == 0)
                    Conclude();
            }
        }

        // As long as others are taken, every refused batch is aside in the end.
        void SetAsideAll()
        {
            for (var round = 0; round < 15; round++)
            {
                refused.Remove(AddOne());
                for (var attempts = 0; attempts < (refused.Count + concurrency) * 3; attempts++)
                {
                    Take();
                    if (inHand.Count == concurrency || random.Next(2) == 0)
                        Conclude();
                }
            }

            while (inHand.Count > 0)
                Conclude();

            Assert.Equal(refused.Count, waiting.Count);
            Assert.Equal(refused.Count, queue.Aside.Count);
        }

        void Finish()
        {
            queue.Complete();
            var tried = new HashSet<SpooledBatch>(ReferenceEqualityComparer.Instance);
            while (Next() is { } batch)
            {
                Assert.True(tried.Add(batch), "Tried twice at the end.");
                inHand.Add(batch);
                Conclude();
            }

            Assert.Equal(refused.Count, tried.Count);
            Assert.Equal(refused.Count, queue.Aside.Count);
        }

        SpooledBatch? Next()
        {
            using var wait = new CancellationTokenSource();
            var next = queue.NextAsync(wait.Token);
            if (next.IsCompletedSuccessfully)
                return next.Result;

            wait.Cancel();
            return null;
        }
    }
}
