
namespace ClusterTrail.History.Reading;

/// <summary>One object of many cannot be read or opened, and the same may well hold of others.</summary>
/// <param name="exitCode">What the process ends with.</param>
/// <param name="name">The object, for people.</param>
/// <param name="reason">As in "cannot be read: AccessDenied: Access Denied".</param>
/// <param name="kind">Objects with the same kind are reported in one sentence, though a store's words may differ.</param>
/// <param name="remedy">What to do; null if there is no advice.</param>
sealed class ObjectException(ExitCode exitCode, string name, string reason, string kind, string? remedy, Exception? inner)
    : TrailException(exitCode, Sentence(name, 0, reason, remedy), inner)
{
    internal string Kind => kind;

    internal string Name => name;

    /// <summary>Of this one and others.</summary>
    internal string SentenceWith(int others) => Sentence(name, others, reason, remedy);

    static string Sentence(string name, int others, string reason, string? remedy) =>
        $"{name}{(others == 0 ? "" : $" and {others} more")} {reason.TrimEnd('.', ' ')}{(remedy is null ? "" : $"; {remedy}")}.";
}
