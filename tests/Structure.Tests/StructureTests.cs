namespace ClusterTrail.Structure.Tests;

/// <summary>The test of the test, on made-up sources.</summary>
public sealed class StructureTests
{
    const string Page = """
        ```edges
        Shop: Stock
        Shop: . → Tills Goods; Tills → Goods
        ```
        """;

    [Fact]
    public void AnEdgeIsAUsing() =>
        Assert.Equal(
            [new("Shop/Tills", "Shop/Goods")], FolderEdges(("Tills/Till.cs", "using A.Shop.Goods;\nnamespace A.Shop.Tills;"), Goods));

    [Fact]
    public void AStaticUsingToo() =>
        Assert.Equal([new("Shop/Tills", "Shop/Goods")],
            FolderEdges(("Tills/Till.cs", "using static A.Shop.Goods.Apple;\nnamespace A.Shop.Tills;"), Goods));

    [Fact]
    public void ATypeOfAFolderAboveNeedsNoUsing() =>
        Assert.Equal(
            [new("Shop/Tills", "Shop")],
            FolderEdges(
                ("Tills/Till.cs", "namespace A.Shop.Tills;\nclass Till { Door door; }"),
                ("Door.cs", "namespace A.Shop;\npublic sealed class Door;"), Goods));

    [Theory]
    [InlineData("Goods.Apple.Ripe()")]
    [InlineData("Shop.Goods.Apple.Ripe()")]
    [InlineData("A.Shop.Goods.Apple.Ripe()")]
    public void ATypeCanBeNamedWithItsNamespace(string call) =>
        Assert.Equal(
            [new("Shop/Tills", "Shop/Goods")],
            FolderEdges(("Tills/Till.cs", $"namespace A.Shop.Tills;\nclass Till {{ bool Is => {call}; }}"), Goods));

    [Theory]
    [InlineData("// Door")]
    [InlineData("/* Door */")]
    [InlineData("string a = \"Door\";")]
    [InlineData("int a = other.Door;")]
    [InlineData("Door door; class Door;")]
    public void WordsAndMembersAreNoEdges(string code) =>
        Assert.Equal(
            code.Contains("class", StringComparison.Ordinal) ? [new("Shop/Tills", "Shop")] : [],
            FolderEdges(
                ("Tills/Till.cs", $"namespace A.Shop.Tills;\nclass Till {{ {code} }}"), ("Door.cs", "namespace A.Shop;\nclass Door;")));

    [Fact]
    public void ATypeOfTheOwnFolderHidesOneAbove() =>
        Assert.Empty(FolderEdges(
            ("Tills/Till.cs", "namespace A.Shop.Tills;\nclass Till { Door door; }"),
            ("Tills/Door.cs", "namespace A.Shop.Tills;\nclass Door;"),
            ("Door.cs", "namespace A.Shop;\nclass Door;")));

    [Fact]
    public void OnlyWhatIsPartOfACircleIsCircular() =>
        Assert.Equal(
            [new("a", "b"), new("b", "c"), new("c", "a")],
            Structure.Circular(new HashSet<Edge> { new("a", "b"), new("b", "c"), new("c", "a"), new("d", "a"), new("c", "e") }));

    [Fact]
    public void AFileInAnotherFolderThanItsNamespaceIsMisplaced() =>
        Assert.Equal(["shop/Shop/Tills/Till.cs: A.Shop"], Of(("Tills/Till.cs", "namespace A.Shop;"), Goods).Misplaced);

    [Fact]
    public void TwoTypesOfOneNameInAProgramAreFoundAcrossItsProjects()
    {
        var stock = new Project(
            "shop/Stock", "A.Stock", [], [SourceFile.Parse("shop/Stock/Apple.cs", "namespace A.Stock;\nrecord Apple;")]);
        var other = new Project(
            "shop/Other", "A.Other", [], [SourceFile.Parse("shop/Other/Apple.cs", "namespace A.Other;\nrecord Apple;")]);

        Assert.Equal(["Apple"], new Structure([Shop(["Stock"], Goods), stock, other]).SharedNames("Shop"));
        Assert.Empty(new Structure([Shop([], Goods), stock, other]).SharedNames("Shop"));
    }

    [Fact]
    public void ThePagesBlocksAreRead()
    {
        Assert.Equal([new("Shop", "Stock")], NamedEdges.OfProjects(Page));
        Assert.Equal(
            [new("Shop", "Shop/Goods"), new("Shop", "Shop/Tills"), new("Shop/Tills", "Shop/Goods")], NamedEdges.OfFolders(Page).Order());
        Assert.Equal("Shop: Stock", NamedEdges.TextOfProjects(NamedEdges.OfProjects(Page)));
        Assert.Equal("Shop: . → Goods Tills; Tills → Goods", NamedEdges.TextOfFolders(NamedEdges.OfFolders(Page)));
    }

    [Fact]
    public void AnEdgeThatThePageDoesNotNameIsFound()
    {
        (string, string)[] before =
        [
            Goods, ("Tills/Till.cs", "using A.Shop.Goods;\nnamespace A.Shop.Tills;\nclass Till;"),
            ("Program.cs", "using A.Shop.Goods;\nusing A.Shop.Tills;\nnamespace A.Shop;\n"),
        ];
        var added = ("Goods/Price.cs", "using A.Shop.Tills;\nnamespace A.Shop.Goods;\nclass Price;");

        var named = NamedEdges.OfFolders(Page);

        Assert.Equal(named.Order(), FolderEdges(before));
        Assert.Equal([new("Shop/Goods", "Shop/Tills")], FolderEdges([.. before, added]).Except(named));
        Assert.NotEmpty(Structure.Circular(Of([.. before, added]).FolderEdges));
    }

    static (string, string) Goods => ("Goods/Apple.cs", "namespace A.Shop.Goods;\npublic static class Apple { }");

    static IEnumerable<Edge> FolderEdges(params (string Path, string Text)[] files) => Of(files).FolderEdges.Order();

    static Structure Of(params (string Path, string Text)[] files) => new([Shop([], files)]);

    static Project Shop(string[] references, params (string Path, string Text)[] files) =>
        new("shop/Shop", "A.Shop", references, [.. files.Select(file => SourceFile.Parse($"shop/Shop/{file.Path}", file.Text))]);
}
