using ClusterTrail.Kubectl.Status;

namespace ClusterTrail.Kubectl.Tests.Status;

public sealed class WorkloadsBranchTests
{
    [Fact]
    public void AgentsOnAllNodesAreCountedAndThoseWithAProblemNamed()
    {
        var branch = WorkloadsBranch.Of(new()
        {
            Nodes = 3,
            Ready = 2,
            Reporting = 2,
            Pods = 40,
            Lines = 12_345,
            Processes = 1,
            Lost = 7,
            SpoolBytes = 2048,
            Agents =
            [
                new() { Name = "worker-1", State = "Idle" }, new() { Name = "worker-2", State = "Reading" },
                new() { Name = "worker-3", State = "Missing", Reason = "PodRefused", Message = "A quota is used up." },
            ],
        });

        Assert.Equal(
            [
                "workloads: 2 of 3 nodes ready, 2 reporting; 40 pods followed; 12,345 lines and 1 program recorded, 7 lost; "
                    + "2.0 KiB in the spool; no gaps",
                "└─ worker-3  Missing, PodRefused  A quota is used up.",
            ],
            branch.Lines(null));
    }
}
