using ClusterTrail.Kubectl.Shared;
using Spectre.Console;

namespace ClusterTrail.Kubectl.Cat;

/// <summary>A bar of objects read, on the errors' terminal; nothing where no person watches.</summary>
sealed class Progress
{
    readonly ProgressTask? bar;

    Progress(ProgressTask? bar) => this.bar = bar;

    /// <summary>Does the work under a bar, if a person watches; the action it is given writes sentences above the bar.</summary>
    internal static Task ShowAsync(Terminal terminal, Func<Progress, Action<string>, Task> work)
    {
        if (!terminal.ShowsProgress)
            return work(new(null), terminal.Error.WriteLine);

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal.Error) });
        return console.Progress().AutoClear(true).StartAsync(
            context => work(new(context.AddTask("Reading objects", maxValue: 0)), sentence => console.WriteLine(sentence)));
    }

    internal void Found(int objects)
    {
        if (bar is not null)
            bar.MaxValue += objects;
    }

    internal void Done() => bar?.Increment(1);
}
