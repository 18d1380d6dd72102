using Spectre.Console;

namespace ClusterTrail.Kubectl.Shared;

/// <summary>A bar of what is done, on the errors' terminal; nothing where no person watches.</summary>
sealed class Progress
{
    readonly ProgressTask? bar;

    Progress(ProgressTask? bar) => this.bar = bar;

    /// <summary>Does the work under a bar, if a person watches; the action it is given writes sentences above the bar.</summary>
    internal static Task ShowAsync(Terminal terminal, string what, Func<Progress, Action<string>, Task> work)
    {
        if (!terminal.ShowsProgress)
            return work(new(null), terminal.Error.WriteLine);

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal.Error) });
        return console.Progress().AutoClear(true).StartAsync(
            context => work(new(context.AddTask(what, maxValue: 0)), sentence => console.WriteLine(sentence)));
    }

    /// <summary>There is more to do. Several threads may say so.</summary>
    internal void Found(long more)
    {
        if (bar is null)
            return;
        lock (bar)
            bar.MaxValue += more;
    }

    internal void Done() => bar?.Increment(1);
}
