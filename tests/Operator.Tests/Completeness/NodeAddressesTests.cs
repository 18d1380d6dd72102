using ClusterTrail.Operator.Completeness;
using k8s.Models;

namespace ClusterTrail.Operator.Tests.Completeness;

public sealed class NodeAddressesTests
{
    [Fact]
    public void OfTwoNodesWithOneAddressItIsTheReadyOne()
    {
        V1Node[] nodes = [Node("gone", "10.0.0.1", "Unknown"), Node("cp-1", "10.0.0.1", "True"), Node("cp-2", "10.0.0.2", "False")];

        Assert.Equal(
            ("cp-1", "cp-2", null),
            (NodeAddresses.NodeOf("10.0.0.1", nodes), NodeAddresses.NodeOf("10.0.0.2", nodes), NodeAddresses.NodeOf("10.0.0.3", nodes)));
    }

    static V1Node Node(string name, string address, string ready) => new()
    {
        Metadata = new() { Name = name },
        Status = new()
        {
            Addresses = [new() { Type = "InternalIP", Address = address }],
            Conditions = [new() { Type = "Ready", Status = ready }],
        },
    };
}
