using ClusterTrail.Fixtures;
using Microsoft.Playwright;

namespace ClusterTrail.WebConsole.Tests.Browser;

/// <summary>What people come for, in a real browser.</summary>
[Requires(Requires.Browser)]
public sealed class StoriesTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    ConsoleWorld world = null!;

    public async ValueTask InitializeAsync() => world = await ConsoleWorld.OpenAsync(SomeDay.Records());

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task WhoReadThisSecret()
    {
        await using var person = await chromium.OpenAsync(world);
        var page = person.Page;

        await page.GetByLabel("Resource").FillAsync("secrets");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(SomeDay.Secret);
        await page.GetByRole(AriaRole.Button, new() { Name = "Search" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = $"bank/{SomeDay.Secret}" }).First.ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync($"secrets bank/{SomeDay.Secret}");
        var who = Region(page, "Who did something with it");
        await Assertions.Expect(who.GetByRole(AriaRole.Row)).ToHaveCountAsync(3);
        await Assertions.Expect(who).ToContainTextAsync(SomeDay.Thief);
        await Assertions.Expect(who).ToContainTextAsync("ann@example.com");
        await person.KeepAsync("who-read-this-secret");
        person.NothingWentWrong();
    }

    [Fact]
    public async Task WhatDidThisPersonDo()
    {
        await using var person = await chromium.OpenAsync(world);
        var page = person.Page;

        await page.GetByRole(AriaRole.Link, new() { Name = "People" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = SomeDay.Thief }).ClickAsync();

        await Assertions.Expect(Region(page, "Addresses")).ToContainTextAsync("203.0.113.66");
        await Assertions.Expect(Region(page, "Secrets read")).ToContainTextAsync($"bank/{SomeDay.Secret}");
        await Assertions.Expect(Region(page, "Impersonations")).ToContainTextAsync("system:admin");
        await Assertions.Expect(Region(page, "Records, the newest first").GetByRole(AriaRole.Row)).ToHaveCountAsync(7);
        await person.KeepAsync("what-did-this-person-do");
        person.NothingWentWrong();
    }

    [Fact]
    public async Task AnAlertLeadsToItsEvidence()
    {
        await using var person = await chromium.OpenAsync(world);
        var page = person.Page;

        await page.GetByRole(AriaRole.Link, new() { Name = "Findings", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "pod-exec" }).First.ClickAsync();
        await Region(page, "Records, the newest first").GetByRole(AriaRole.Link).First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "story-4" }).First.ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("create pods/exec bank/vault-0");
        var started = Region(page, "Findings about it, and what it started");
        await Assertions.Expect(started).ToContainTextAsync("/bin/sh");
        await Assertions.Expect(started).ToContainTextAsync("pod-exec");
        await Assertions.Expect(page.Locator("pre")).ToContainTextAsync("\"auditID\": \"audit-story-4\"");
        await person.KeepAsync("an-alert-leads-to-its-evidence");
        person.NothingWentWrong();
    }

    [Fact]
    public async Task ABarZoomsIn()
    {
        await using var person = await chromium.OpenAsync(world);
        var page = person.Page;
        var bar = page.Locator("svg a").Nth(10);
        var records = (await bar.GetAttributeAsync("aria-label"))!.Split(": ")[1].Split(' ')[0];

        await bar.ClickAsync();

        await Assertions.Expect(page.Locator("p.summary")).ToContainTextAsync($"{records} records");
        await page.GetByRole(AriaRole.Link, new() { Name = "Zoom out" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "All of the time" }).ClickAsync();
        await Assertions.Expect(page.Locator("p.summary")).ToContainTextAsync("2,407 records");
        person.NothingWentWrong();
    }

    [Fact]
    public async Task TheKeyboardIsEnough()
    {
        await using var person = await chromium.OpenAsync(world);
        var page = person.Page;

        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.Locator(":focus")).ToHaveTextAsync("Skip to the content");
        await page.Keyboard.PressAsync("Enter");
        await TabToAsync(page, "input[name=user]");
        await page.Keyboard.TypeAsync("mallory*");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("p.summary")).ToContainTextAsync("6 records");
        await TabToAsync(page, "a.skip-inline");
        await person.KeepAsync("keyboard");
        await page.Keyboard.PressAsync("Enter");
        await TabToAsync(page, "tbody th a");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "The record" })).ToBeVisibleAsync();
        Assert.Contains("/record?id=story-4", page.Url, StringComparison.Ordinal);
        person.NothingWentWrong();
    }

    [Fact]
    public async Task WhoWasNotLetInSeesASentence()
    {
        await using var person = await chromium.OpenAsync(world);
        await person.Page.Context.ClearCookiesAsync();

        await person.Page.GotoAsync($"{world.Server.Url}people");

        await Assertions.Expect(person.Page.GetByRole(AriaRole.Heading)).ToHaveTextAsync("No access");
    }

    static ILocator Region(IPage page, string name) => page.GetByRole(AriaRole.Region, new() { Name = name });

    // As a person does: until it is there, and not without end.
    static async Task TabToAsync(IPage page, string selector)
    {
        for (var presses = 0; presses < 120; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvalOnSelectorAsync<bool>(":focus", "(element, selector) => element.matches(selector)", selector))
                return;
        }

        Assert.Fail($"Tab does not lead to {selector}.");
    }
}
