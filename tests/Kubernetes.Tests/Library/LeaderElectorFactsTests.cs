using ClusterTrail.Kubernetes.Control;
using k8s.LeaderElection;

namespace ClusterTrail.Kubernetes.Tests.Library;

/// <summary>What KubernetesClient's leader election lacks, and why <see cref="LeaderLease"/> is there. See <see
/// cref="KubeconfigFactsTests"/>.</summary>
public sealed class LeaderElectorFactsTests
{
    [Fact]
    public async Task WhoStopsKeepsTheLease()
    {
        var held = new HeldLock();
        var elector = new LeaderElector(new LeaderElectionConfig(held));
        using var stop = new CancellationTokenSource();
        var leading = new TaskCompletionSource();
        elector.OnStartedLeading += leading.SetResult;

        var running = elector.RunUntilLeadershipLostAsync(stop.Token);
        await leading.Task.WaitAsync(Some.Timeout, TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

        Assert.Equal("one", held.Record?.HolderIdentity);
    }

    /// <summary>A lock that nobody else wants.</summary>
    sealed class HeldLock : ILock
    {
        public LeaderElectionRecord? Record { get; private set; }

        public string Identity => "one";

        public Task<LeaderElectionRecord> GetAsync(CancellationToken cancellationToken) => Record is { } record
            ? Task.FromResult(record)
            : throw new k8s.Autorest.HttpOperationException
            {
                Response = new(new HttpResponseMessage(System.Net.HttpStatusCode.NotFound), ""),
            };

        public Task<bool> CreateAsync(LeaderElectionRecord record, CancellationToken cancellationToken) => Keep(record);

        public Task<bool> UpdateAsync(LeaderElectionRecord record, CancellationToken cancellationToken) => Keep(record);

        public string Describe() => "lock";

        Task<bool> Keep(LeaderElectionRecord record)
        {
            Record = record;
            return Task.FromResult(true);
        }
    }
}
