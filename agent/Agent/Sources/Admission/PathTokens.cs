using System.Security.Cryptography;
using System.Text;
using ClusterTrail.Contract.Reading;

namespace ClusterTrail.Agent.Sources.Admission;

/// <summary>The secrets of which one ends the path of each request: read from a file that may change at any time.</summary>
/// <remarks>
/// Guarantees: they are compared in a time that says nothing of them, and stand in no message. A file that cannot be used changes nothing;
/// a token that is no longer in the file is accepted for <see cref="Grace"/> more.
/// </remarks>
sealed class PathTokens(string path, TimeProvider time)
{
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    const int Shortest = 32;
    const int Longest = 128;
    const int Most = 8;

    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    readonly Lock gate = new();
    byte[][] current = [];
    IReadOnlyList<(byte[] Hash, DateTimeOffset Until)> former = [];
    long lookedAt;

    /// <summary>Why the file cannot be used; null if it can. For other threads.</summary>
    public string? Problem { get; private set; }

    /// <summary>Why an agent would not start with this file; null if it would. For those who only check.</summary>
    public static string? Check(string path)
    {
        try
        {
            Read(path);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return $"{path} cannot be used: {e.Message}";
        }
    }

    /// <summary>Reads the file, if it may have changed.</summary>
    /// <returns>Whether there is a token.</returns>
    public bool Look()
    {
        lock (gate)
        {
            if (current.Length > 0 && time.GetElapsedTime(lookedAt) < LookEvery)
                return true;
            lookedAt = time.GetTimestamp();
            try
            {
                Replace(Read(path));
                Problem = null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                Problem = $"{path} cannot be used: {e.Message}{(current.Length == 0 ? "" : " The token before remains.")}";
            }

            return current.Length > 0;
        }
    }

    public bool Accept(ReadOnlySpan<char> token)
    {
        Look();
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        // Longer than any token, and than what the server takes of a path.
        Span<byte> text = stackalloc byte[Longest * 4];
        SHA256.HashData(Encoding.UTF8.TryGetBytes(token, text, out var length) ? text[..length] : [], hash);
        var (now, accepted) = (time.GetUtcNow(), false);
        lock (gate)
        {
            foreach (var one in current)
                accepted |= CryptographicOperations.FixedTimeEquals(one, hash);
            foreach (var (one, until) in former)
                accepted |= CryptographicOperations.FixedTimeEquals(one, hash) && now < until;
        }

        return accepted;
    }

    void Replace(byte[][] read)
    {
        var now = time.GetUtcNow();
        former =
        [
            .. former.Where(one => one.Until > now),
            .. current.Where(before => !Has(read, before)).Select(before => (before, now + Grace)),
        ];
        former = [.. former.Where(one => !Has(read, one.Hash))];
        current = read;
    }

    static bool Has(byte[][] hashes, byte[] hash) => hashes.Any(one => one.AsSpan().SequenceEqual(hash));

    static byte[][] Read(string path)
    {
        var lines = Encoding.UTF8.GetString(RegularFile.Read(path, RegularFile.MostValueBytes))
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length is 0 or > Most || !lines.All(IsToken))
        {
            throw new InvalidDataException(
                $"it must have 1 to {Most} lines, each of {Shortest} to {Longest} of a-z, A-Z, 0-9, '-' and '_'.");
        }

        return [.. lines.Distinct().Select(line => SHA256.HashData(Encoding.UTF8.GetBytes(line)))];
    }

    static bool IsToken(string line) =>
        line.Length is >= Shortest and <= Longest && line.All(one => char.IsAsciiLetterOrDigit(one) || one is '-' or '_');
}
