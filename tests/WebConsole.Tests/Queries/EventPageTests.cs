using ClusterTrail.WebConsole.Queries;

namespace ClusterTrail.WebConsole.Tests.Queries;

public sealed class EventPageTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(150)]
    public async Task EveryRecordIsOnOnePageInBothDirections(int alike)
    {
        await using var world = await ConsoleWorld.OpenAsync(Records(450, alike), cancellationToken: Cancel);

        var down = Walk(world, page => page.Older, (cursor, events) => EventPage.Read(events, () => new(), cursor, null, Cancel)).ToList();
        var last = down[^1];
        var up = Walk(
            world, page => page.Newer, (cursor, events) => EventPage.Read(events, () => new(), null, cursor ?? last.Newer, Cancel)).ToList();

        Assert.Equal(450, down.Sum(page => page.Rows.Count));
        Assert.Equal(450, down.SelectMany(page => page.Rows).Select(row => row.Name()).Distinct().Count());
        Assert.Equal(450 - last.Rows.Count, up.Sum(page => page.Rows.Count));
        Assert.All(down, page => Assert.Equal(page.Rows.Select(row => row.Time).OrderDescending(), page.Rows.Select(row => row.Time)));
        Assert.Null(down[0].Newer);
        Assert.Null(up[^1].Newer);
    }

    [Fact]
    public async Task MoreOfOnePlaceThanFitOnAPageAreCounted()
    {
        await using var world = await ConsoleWorld.OpenAsync(
            Enumerable.Range(0, 1300).Select(at => $"{new SomeRecord { Id = "same", Name = $"n-{at}" }}"), cancellationToken: Cancel);

        var page = EventPage.Read(world.Archive.Events, () => new(), null, null, Cancel);

        Assert.Equal((1000, 300), (page.Rows.Count, page.NotShown));
    }

    [Fact]
    public void APlaceComesBack()
    {
        var place = new Cursor(SomeRecord.Noon.AddTicks(10), "a~b");

        Assert.Equal(place, Cursor.Parse(place.ToString()));
        Assert.Equal(new(null, "x"), Cursor.Parse("~x"));
        Assert.Throws<QuestionException>(() => Cursor.Parse("yesterday~x"));
        Assert.Throws<QuestionException>(() => Cursor.Parse("x"));
    }

    // Some at the same time with the same id, some without a time.
    static IEnumerable<string> Records(int count, int alike) => Enumerable.Range(0, count).Select(at =>
        $"{(new SomeRecord { Name = $"n-{at}", Id = $"id-{at / alike}" }).At(at / alike / 3)}");

    static IEnumerable<EventPage> Walk(
        ConsoleWorld world, Func<EventPage, Cursor?> next, Func<Cursor?, EventQuestions, EventPage> read)
    {
        for (Cursor? at = null; ;)
        {
            var page = read(at, world.Archive.Events);
            yield return page;
            at = next(page);
            if (at is null)
                yield break;
        }
    }
}

static class Rows
{
    internal static string Name(this EventRow row) => $"{row.Object.Name}";
}
