using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;
using ClusterTrail.Kubectl.Shared;

namespace ClusterTrail.Kubectl.Lookup;

/// <summary>Says of a problem that lasts over many rounds that it began, and that it is over.</summary>
sealed class LastingProblems(SearchProgress progress, Action<string> writeLine) : ISearchObserver
{
    Dictionary<string, TrailException> lasting = [], now = [];

    /// <summary>Whether it may be over by itself: what is in an object stays as it is.</summary>
    internal static bool CanPass(TrailException problem) => problem is ObjectException { ExitCode: ExitCode.Unreadable };

    public void Found(long objects) => progress.Found(objects);

    public void Done() => progress.Done();

    public void Report(TrailException problem)
    {
        if (CanPass(problem))
            AddLasting(problem);
        else
            progress.Report(problem);
    }

    /// <summary>A problem that will be there in the next round too, unless it is over.</summary>
    internal void AddLasting(TrailException problem) => now.TryAdd(Name(problem), problem);

    /// <summary>Says what began, and what is over.</summary>
    internal void EndRound()
    {
        foreach (var (name, problem) in now)
        {
            if (lasting.ContainsKey(name))
                continue;
            if (problem is EmptyLocationException)
                writeLine($"{problem.Message} Waiting for the first.");
            else
                progress.Report(problem);
        }

        progress.Flush();
        var over = lasting.Where(one => !now.ContainsKey(one.Key)).Select(one => one.Value).ToList();
        if (over.Count > 0)
            writeLine($"This is over: {Printable.Escape(over[0].Message)}{(over.Count == 1 ? "" : $" And {over.Count - 1} like it.")}");
        (lasting, now) = (now, []);
    }

    // How many objects are encrypted changes; that the key is missing does not.
    static string Name(TrailException problem) => problem switch
    {
        ObjectException of => $"{of.Name} {of.Kind}",
        { ExitCode: ExitCode.CannotDecrypt } => nameof(ExitCode.CannotDecrypt),
        EmptyLocationException => nameof(EmptyLocationException),
        _ => problem.Message,
    };
}
