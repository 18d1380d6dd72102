namespace ClusterTrail.History.Reading;

/// <summary>Something that the person at the terminal can understand and mend.</summary>
/// <param name="exitCode">What the process ends with.</param>
/// <param name="message">A sentence a line, without secrets; mostly one.</param>
class TrailException(ExitCode exitCode, string message, Exception? inner = null) : Exception(message, inner)
{
    public ExitCode ExitCode => exitCode;
}
