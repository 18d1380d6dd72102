using System.Text.RegularExpressions;
using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;
using ClusterTrail.Kubectl.Lookup;
using ClusterTrail.Kubectl.Printing;
using ClusterTrail.Kubectl.Shared;

namespace ClusterTrail.Kubectl.Tests.Lookup;

public sealed class FollowTests
{
    readonly ChangingHistory history = new();

    [Fact]
    public async Task AnObjectThatFailedIsReadAgainAndNoRecordIsPrintedTwice()
    {
        var name = history.Add(1, "ann", "bob", "carol");
        history.Failing[name] = 1;

        var (users, said) = await FollowAsync(() => history.Add(2, "dave"), () => history.Failing.Clear());

        Assert.Equal(["ann", "dave", "bob", "carol"], users);
        Assert.Equal(
            [$"kubectl trail: {name} cannot be read: SlowDown.", $"This is over: {name} cannot be read: SlowDown."], said);
    }

    [Fact]
    public async Task WhatLastsIsSaidOnceAndThatItIsOver()
    {
        history.Add(1, "ann");
        var folder = new ObjectException(ExitCode.Unreadable, "folder", "cannot be listed: no", "folder AccessDenied", null, null);

        var (_, said) = await FollowAsync(
            () => history.Skip(folder), () => { }, () => { }, () => history.Skip(), () => { }, () => history.Skip(folder));

        Assert.Equal(
            ["kubectl trail: folder cannot be listed: no.", "This is over: folder cannot be listed: no.",
                "kubectl trail: folder cannot be listed: no."],
            said);
    }

    [Fact]
    public async Task ThatTheKeyIsMissingIsSaidOnceHoweverManyObjectsThereAre()
    {
        history.Add(1, "ann");

        var (_, said) = await FollowAsync(
            () => history.Skip(new TrailException(ExitCode.CannotDecrypt, "a is encrypted")),
            () => history.Skip(new TrailException(ExitCode.CannotDecrypt, "a and 1 more are encrypted")));

        Assert.Equal(["kubectl trail: a is encrypted."], said);
    }

    [Fact]
    public async Task AnArchiveThatIsEmptyYetIsWaitedFor()
    {
        var (users, said) = await FollowAsync(() => { }, () => { }, () => history.Add(1, "ann"));

        Assert.Equal(["ann"], users);
        Assert.Equal("No object of an archive was found below archive. Waiting for the first.", said[0]);
        Assert.Equal(2, said.Count);
    }

    [Fact]
    public async Task WhatIsWrongFromTheBeginningEndsItAndAStoreThatIsAwayLaterDoesNot()
    {
        var away = new TrailException(ExitCode.Unreadable, "s3://bucket cannot be listed");
        history.Away = away;
        await Assert.ThrowsAsync<TrailException>(() => FollowAsync(() => { }));

        history.Away = null;
        history.Add(1, "ann");
        var (users, said) = await FollowAsync(() => { }, () => history.Away = away, () => { }, () =>
        {
            history.Away = null;
            history.Add(2, "bob");
        });

        Assert.Equal(["ann", "bob"], users);
        Assert.Equal(["kubectl trail: s3://bucket cannot be listed.", "This is over: s3://bucket cannot be listed"], said);
    }

    [Fact]
    public async Task AnObjectThatKeepsFailingIsTriedLessAndLessOften()
    {
        history.Failing[history.Add(1, "ann")] = 0;

        var (_, said) = await FollowAsync([.. Enumerable.Repeat<Action>(() => { }, 1000)]);

        Assert.InRange(history.Reads, 5, 30);
        Assert.Single(said);
    }

    [Fact]
    public async Task WhatIsRememberedIsBoundedByWhatIsListed()
    {
        var followed = new FollowedHistory(history);
        for (var at = 1; at <= 1000; at++)
        {
            var name = history.Add(at, "ann");
            foreach (var span in await followed.ListAsync(ObjectScope.All, _ => { }, TestContext.Current.CancellationToken))
                await followed.ReadAsync(span.Object, _ => true, _ => { }, TestContext.Current.CancellationToken);
            Assert.InRange(followed.Remembered, 0, 2);
            history.Remove(name);
            history.Add(at + 1, "bob");
        }
    }

    // What happens before each round, and what was printed and said when all have passed.
    async Task<(List<string> Users, List<string> Said)> FollowAsync(params Action[] rounds)
    {
        using var output = new MemoryStream();
        var (said, round) = (new List<string>(), 0);
        Task run = Task.CompletedTask;
        rounds[0]();
        await Progress.ShowAsync(
            new Terminal(output, TextWriter.Null, null, ErrorIsTerminal: false, Colour: false), "", (progress, _) =>
            {
                var lookup = new LookupRun(history, new JsonPrinter(output), new(progress, new(said.Add)));
                return run = lookup.FollowAsync(Request, said.Add, Pause, TestContext.Current.CancellationToken);
            }).ContinueWith(_ => { }, TaskScheduler.Default);
        if (run.Exception?.GetBaseException() is { } failure and not EndException)
            throw failure;
        var users = Regex.Matches(System.Text.Encoding.UTF8.GetString(output.ToArray()), "\"userName\":\"([a-z]+)\"");
        return ([.. users.Select(match => match.Groups[1].Value)], said);

        Task Pause()
        {
            if (++round == rounds.Length)
                throw new EndException();
            rounds[round]();
            return Task.CompletedTask;
        }
    }

    static LookupRequest Request => new()
    {
        Query = new(TimeRange.All, null, IsNewestFirst: false),
        Scope = ObjectScope.All,
        Limit = 0,
        Around = null,
        Window = TimeSpan.FromMinutes(5),
        Follows = true,
    };

    sealed class EndException : Exception;
}
