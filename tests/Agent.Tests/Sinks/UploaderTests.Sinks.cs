using System.Collections.Concurrent;
using ClusterTrail.Agent.Sinks;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sinks;

/// <summary>Sinks that fail each in its way, and a clock in a hurry.</summary>
public sealed partial class UploaderTests
{
    /// <summary>Every wait is over at once, and noted.</summary>
    sealed class HurriedTime : TimeProvider
    {
        readonly Lock gate = new();

        public List<TimeSpan> Delays { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            lock (gate)
                Delays.Add(dueTime);

            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }

    /// <summary>Takes all but some, which it says are too large.</summary>
    sealed class PickySink(InMemorySink inner, params int[] refused) : ISink
    {
        int refusals;

        public string Description => "picky";

        public ConcurrentDictionary<string, bool> Refused { get; } =
            new(refused.Select(sequence => KeyValuePair.Create($"events/apiserver-{sequence}.ndjson.zst", true)));

        public int Refusals => Volatile.Read(ref refusals);

        public async Task PutAsync(SealedObject sealedObject, CancellationToken cancellationToken)
        {
            await Task.Yield();
            if (Refused.ContainsKey(sealedObject.Name))
            {
                Interlocked.Increment(ref refusals);
                throw new SinkException("RequestEntityTooLarge", "It is too large.") { Scope = FailureScope.Batch };
            }

            await inner.PutAsync(sealedObject, cancellationToken);
        }
    }

    sealed class BusySink : ISink
    {
        readonly Lock gate = new();
        int now;

        public string Description => "busy";

        public SinkException? Failure { get; set; }

        public int Most { get; private set; }

        public int Puts { get; private set; }

        public async Task PutAsync(SealedObject sealedObject, CancellationToken cancellationToken)
        {
            lock (gate)
                Most = Math.Max(Most, ++now);

            await Task.Delay(10, cancellationToken);
            lock (gate)
                (now, Puts) = (now - 1, Puts + 1);

            if (Failure is { } failure)
                throw failure;
        }
    }

    /// <summary>Fails when everything is being stopped.</summary>
    sealed class LastMomentSink(CancellationTokenSource stop) : ISink
    {
        public string Description => "last moment";

        public async Task PutAsync(SealedObject sealedObject, CancellationToken cancellationToken)
        {
            await stop.CancelAsync();
            throw new SinkException("Timeout", "No answer.");
        }
    }

    /// <summary>Replaces the spooled file by a folder while it stores its content: it can be deleted no more.</summary>
    sealed class StuckSink(InMemorySink inner, string path) : ISink
    {
        public string Description => "stuck";

        public async Task PutAsync(SealedObject sealedObject, CancellationToken cancellationToken)
        {
            await inner.PutAsync(sealedObject, cancellationToken);
            Mount(path, "mount", "--bind", path, path);
        }

        public void Release() => Mount(path, "umount", path);

        static void Mount(string path, params string[] command)
        {
            using var process = System.Diagnostics.Process.Start(command[0], command[1..]);
            process.WaitForExit();
            Assert.SkipUnless(process.ExitCode == 0, $"{path} cannot be mounted here.");
        }
    }
}
