using System.Text;
using ClusterTrail.Agent.Sources.Processes;

namespace ClusterTrail.Agent.Tests.Sources.Processes;

public class ContainerOfCgroupTests
{
    const string Id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    const string Other = "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210";
    const string Uid = "8d1b1f0a-2c3d-4e5f-8a9b-0c1d2e3f4a5b";
    const string Underscored = "8d1b1f0a_2c3d_4e5f_8a9b_0c1d2e3f4a5b";
    const string Static = "5f2c1b0a9d8e7f6a5b4c3d2e1f0a9b8c";

    [Theory]
    [InlineData($"/kubepods/burstable/pod{Uid}/{Id}")]
    [InlineData($"/kubepods/pod{Uid}/{Id}")]
    [InlineData($"/kubepods/besteffort/pod{Uid}/crio-{Id}")]
    [InlineData($"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{Underscored}.slice/cri-containerd-{Id}.scope")]
    [InlineData($"/kubepods.slice/kubepods-pod{Underscored}.slice/crio-{Id}.scope")]
    [InlineData($"/kubepods.slice/kubepods-pod{Underscored}.slice/crio-{Id}.scope/container")]
    [InlineData($"/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod{Underscored}.slice/docker-{Id}.scope")]
    [InlineData($"/system.slice/containerd.service/kubepods-burstable-pod{Underscored}.slice:cri-containerd:{Id}")]
    [InlineData($"/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod{Underscored}.slice/cri-containerd-{Id}.scope")]
    // A node that is a container itself: kind, k3d.
    [InlineData($"/docker/{Other}/kubelet/kubepods/burstable/pod{Uid}/{Id}")]
    [InlineData(
        $"/system.slice/docker-{Other}.scope/kubelet.slice/kubelet-kubepods.slice/"
            + $"kubelet-kubepods-pod{Underscored}.slice/cri-containerd-{Id}.scope")]
    // Containers, and whole clusters, in a container: the outermost pod is this cluster's.
    [InlineData($"/kubepods/burstable/pod{Uid}/{Id}/docker/{Other}")]
    [InlineData($"/kubepods/burstable/pod{Uid}/{Id}/kubepods/pod00000000-0000-4000-8000-000000000000/{Other}")]
    [InlineData($"/kubepods/burstable/pod{Uid}/{Id}/system.slice/sshd.service")]
    public void AContainerOfAPodIsFound(string path) => Assert.Equal(new(Id, Uid), ContainerOfCgroup.Parse(path));

    [Theory]
    [InlineData($"/kubepods/burstable/pod{Static}/{Id}")]
    [InlineData($"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{Static}.slice/cri-containerd-{Id}.scope")]
    public void AStaticPodHasAHashForAUid(string path) => Assert.Equal(new(Id, Static), ContainerOfCgroup.Parse(path));

    [Theory]
    [InlineData($"/docker/{Id}")]
    [InlineData($"/system.slice/docker-{Id}.scope")]
    [InlineData($"/machine.slice/libpod-{Id}.scope")]
    [InlineData($"/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-{Id}.scope/container")]
    [InlineData($"/lxc/x/docker/{Id}")]
    public void AContainerOutsideKubernetesHasNoPod(string path) => Assert.Equal(new(Id, null), ContainerOfCgroup.Parse(path));

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/system.slice/kubelet.service")]
    [InlineData("/kubepods/burstable")]
    [InlineData($"/kubepods/burstable/pod{Uid}")]
    [InlineData($"/kubepods.slice/kubepods-pod{Underscored}.slice/crio-conmon-{Id}.scope")]
    [InlineData($"/machine.slice/libpod-conmon-{Id}.scope")]
    [InlineData("/process_api/d4f64336c3ef6ee7ac935cfb998b4720")]
    [InlineData($"/x/{Id}0")]
    [InlineData($"/x/{Id}.scope.d")]
    [InlineData("/docker/0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF")]
    public void OutsideAContainerThereIsNone(string path) => Assert.Null(ContainerOfCgroup.Parse(path));

    [Fact]
    public void APathIsPutTogetherFromTheInsideOut()
    {
        Assert.Equal("/kubepods/burstable/pod1", ContainerOfCgroup.PathOf("pod1\0burstable\0kubepods\0\0"u8));
        Assert.Equal("/", ContainerOfCgroup.PathOf("\0"u8));
        Assert.Equal("/", ContainerOfCgroup.PathOf([]));
        Assert.Equal("/a/cut", ContainerOfCgroup.PathOf("cut\0a"u8));
    }

    [Fact]
    public void WhateverThePathWhatIsFoundStandsInIt()
    {
        string[] parts =
        [
            "kubepods", "kubepods.slice", $"pod{Uid}", $"kubepods-pod{Underscored}.slice", Id, $"cri-containerd-{Id}.scope",
            $"docker-{Other}.scope",
            "..", ".", "", "pod", $"pod{Id}", $":{Id}", $"a:b:{Id}", "\u0000", "\uFFFD", new string('x', 300),
            "crio-conmon-", $"pod{Uid}.slice",
        ];
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var path = string.Join('/', Enumerable.Range(0, random.Next(12))
                .Select(_ => Damaged(parts[random.Next(parts.Length)], random)));

            var found = ContainerOfCgroup.Parse(path);

            if (found is { } container)
            {
                Assert.True(container.Id.Length == 64 && path.Contains(container.Id, StringComparison.Ordinal), $"seed {seed}: {path}");
                Assert.True(
                    container.PodUid is null || path.Replace('_', '-').Contains($"pod{container.PodUid}", StringComparison.Ordinal),
                    $"seed {seed}: {path}");
            }
        }
    }

    [Fact]
    public void AnyBytesArePutTogether()
    {
        for (var seed = 0; seed < 5000; seed++)
        {
            var random = new Random(seed);
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);

            var path = ContainerOfCgroup.PathOf(bytes);

            Assert.StartsWith("/", path);
            Assert.NotNull(Encoding.UTF8.GetBytes(path));
            ContainerOfCgroup.Parse(path);
        }
    }

    static string Damaged(string part, Random random) => random.Next(4) switch
    {
        0 when part.Length > 0 => part.Remove(random.Next(part.Length), 1),
        1 => part.Insert(random.Next(part.Length + 1), $"{(char)random.Next(33, 127)}"),
        _ => part,
    };
}
