using System.Text;

namespace ClusterTrail.Kubectl.Shared;

/// <summary>The standard error, also where it takes nothing, as it is full or closed: sentences are lost, and the exit code still tells.
/// </summary>
sealed class ErrorWriter(TextWriter inner) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    /// <summary>Has the process write its errors by one of these.</summary>
    internal static TextWriter OfThisProcess()
    {
        Console.SetError(new ErrorWriter(Opened()));
        return Console.Error;
    }

    public override void Write(char value) => Try(() => inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    public override void Write(string? value) => Try(() => inner.Write(value));

    public override void WriteLine(string? value) => Try(() => inner.WriteLine(value));

    public override void Flush() => Try(inner.Flush);

    static TextWriter Opened()
    {
        try
        {
            return Console.Error;
        }
        catch (Exception e) when (WriteFailure.Is(e))
        {
            return Null;
        }
    }

    static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (WriteFailure.Is(e))
        {
            // There is nowhere to say it.
        }
    }
}
