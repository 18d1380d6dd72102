using ClusterTrail.Contract.Detections;
using ClusterTrail.Fixtures;

namespace ClusterTrail.Chart.Tests;

public sealed class PacksTests
{
    static string Folder => Repository.PathOf("charts", "clustertrail", "detections");

    [Fact]
    public void WhatIsEmbeddedIsWhatTheFolderSays() =>
        Golden.Check(Repository.PathOf("agent", "Contract", "Detections", "packs.json"), PackFolder.Json(PackFolder.Read(Folder)));

    [Fact]
    public void WhatIsEmbeddedIsReadAsTheFolderIs() => Assert.Equal(PackFolder.Json(PackFolder.Read(Folder)), PackFolder.Json(Packs.All));
}
