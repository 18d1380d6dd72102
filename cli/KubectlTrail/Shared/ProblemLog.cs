using ClusterTrail.History.Reading;

namespace ClusterTrail.Kubectl.Shared;

/// <summary>What went wrong so far: one sentence each for people, one exit code for scripts.</summary>
/// <param name="writeLine">Where sentences go.</param>
sealed class ProblemLog(Action<string> writeLine)
{
    /// <summary>Who says a sentence, on a terminal.</summary>
    internal const string Prefix = "kubectl trail: ";

    /// <summary>The gravest so far: that a key is missing outweighs that something is damaged.</summary>
    internal ExitCode ExitCode { get; private set; }

    internal void Report(ExitCode exitCode, string sentence)
    {
        ExitCode = (ExitCode)Math.Max((int)ExitCode, (int)exitCode);
        writeLine(Sentence(sentence));
    }

    /// <summary>A library's message may end with a full stop or a line break.</summary>
    internal static string Sentence(string text) => $"{Prefix}{Printable.Escape(text.TrimEnd('.', ' ', '\r', '\n'))}.";
}
