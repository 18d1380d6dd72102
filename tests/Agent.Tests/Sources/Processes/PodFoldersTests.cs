using ClusterTrail.Agent.Sources.Processes;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources.Processes;

public class PodFoldersTests
{
    const string Id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    const string Uid = "8d1b1f0a-2c3d-4e5f-8a9b-0c1d2e3f4a5b";

    readonly InMemoryPodFolders folders = new();
    readonly ManualTime time = new();

    [Fact]
    public void APodIsKnownByItsUidBeforeItsFirstProcess()
    {
        folders.WithPod("shop", "cart-0", Uid, "app");

        Assert.Equal(new("shop", "cart-0", "app"), New().Find(new(Id, Uid)));
    }

    [Fact]
    public void OfSeveralContainersTheLinkSaysWhichOne()
    {
        folders.WithPod("shop", "cart-0", Uid, "app", "sidecar");
        var pods = New();
        Assert.Equal(new("shop", "cart-0", null), pods.Find(new(Id, Uid)));

        folders.WithLink("cart-0", "shop", "sidecar", Id);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(new("shop", "cart-0", "sidecar"), pods.Find(new(Id, Uid)));
    }

    [Fact]
    public void UnknownContainersDoNotListTheFoldersAgainAndAgain()
    {
        var pods = New();
        for (var at = 0; at < 100; at++)
        {
            Assert.Null(pods.Find(new(Id, Uid)));
        }

        Assert.Equal(1, folders.Listings);
        time.Advance(TimeSpan.FromSeconds(1));
        pods.Find(new(Id, Uid));
        Assert.Equal(2, folders.Listings);
    }

    [Theory]
    [InlineData($"web-1.example_shop_app-{Id}.log", "shop", "web-1.example", "app")]
    [InlineData($"a_b_c-d-{Id}.log", "b", "a", "c-d")]
    public void ALinkNamesPodNamespaceAndContainer(string name, string space, string pod, string container) =>
        Assert.Equal((Id, new(space, pod, container)), PodFolders.ParseLink(name));

    [Theory]
    [InlineData("")]
    [InlineData("audit.log")]
    [InlineData($"pod_space_app-{Id}")]
    [InlineData($"pod_space_app-{Id}.log.gz")]
    [InlineData($"pod_Space_app-{Id}.log")]
    [InlineData($"pod_space_app_x-{Id}.log")]
    [InlineData($"../pod_space_app-{Id}.log")]
    [InlineData($"pod_space_app{Id}.log")]
    public void OtherNamesAreNoLinks(string name) => Assert.Null(PodFolders.ParseLink(name));

    [Theory]
    [InlineData("shop_cart-0")]
    [InlineData("shop_cart_0_" + Uid)]
    [InlineData("../shop_cart-0_" + Uid)]
    [InlineData("shop_cart-0_../" + Uid)]
    [InlineData("_cart-0_" + Uid)]
    public void OtherNamesAreNoPods(string name) => Assert.Null(PodFolders.ParsePod(name));

    [Fact]
    public void DamagedNamesGiveNoOtherPod()
    {
        var good = $"shop_cart-0_{Uid}";
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var name = good.ToCharArray();
            for (var times = random.Next(1, 4); times > 0; times--)
            {
                name[random.Next(name.Length)] = (char)random.Next(1, 300);
            }

            if (PodFolders.ParsePod(new(name)) is { } pod)
            {
                Assert.Equal(new string(name), $"{pod.Namespace}_{pod.Pod}_{pod.Uid}");
                Assert.All(pod.Namespace, one => Assert.True(char.IsAsciiLetterLower(one) || char.IsAsciiDigit(one) || one == '-'));
            }
        }
    }

    [Fact]
    public void OnADiskOnlyNamesAreRead()
    {
        using var folder = new TemporaryFolder();
        var pod = Directory.CreateDirectory(folder.Join($"pods/shop_cart-0_{Uid}")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(pod, "app"), "/no/such/folder");
        Directory.CreateDirectory(folder.Join("containers"));
        File.CreateSymbolicLink(folder.Join($"containers/cart-0_shop_app-{Id}.log"), "/no/such/file");

        var pods = new PodFolders(new DiskPodFolders(folder.Join("containers"), folder.Join("pods")), time);

        Assert.Equal(new("shop", "cart-0", "app"), pods.Find(new(Id, null)));
        Assert.Equal(new("shop", "cart-0", "app"), pods.Find(new(Id, Uid)));
    }

    [Fact]
    public void WithoutFoldersNobodyIsKnownAndNothingIsWrong()
    {
        var pods = new PodFolders(new DiskPodFolders("/no/such/links", "/no/such/pods"), time);

        Assert.Null(pods.Find(new(Id, Uid)));
        Assert.Null(pods.Trouble);
    }

    PodFolders New() => new(folders, time);
}
