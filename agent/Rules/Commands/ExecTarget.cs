using System.Buffers;
using System.Text;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Commands;

/// <summary>What an exec's request URI says of the container and the command.</summary>
/// <param name="Container">Empty when the request leaves it to the API server.</param>
/// <param name="IsCut">Whether the command is longer than what is here.</param>
sealed record ExecTarget(string Container, IReadOnlyList<string> Command, bool IsCut)
{
    /// <param name="requestUri">As the event writes it.</param>
    /// <param name="most">How many bytes of the command are kept.</param>
    public static ExecTarget Read(ReadOnlySpan<byte> requestUri, int most)
    {
        var (container, command, left, isCut) = ("", new List<string>(), most, false);
        var uri = ArrayPool<byte>.Shared.Rent(requestUri.Length);
        var value = ArrayPool<byte>.Shared.Rent(requestUri.Length);
        foreach (var parameter in new QueryParameters(uri.AsSpan(0, JsonEscapes.Unescape(requestUri, uri)), value))
        {
            if (parameter.Name.SequenceEqual("container"u8) && container.Length == 0)
            {
                container = Encoding.UTF8.GetString(parameter.Value);
            }
            else if (parameter.Name.SequenceEqual("command"u8))
            {
                var kept = parameter.Value[..Math.Min(parameter.Value.Length, left)];
                isCut |= kept.Length < parameter.Value.Length || left == 0;
                if (left > 0)
                {
                    command.Add(Encoding.UTF8.GetString(kept));
                    left = Math.Max(0, left - kept.Length - 1);
                }
            }
        }

        ArrayPool<byte>.Shared.Return(uri);
        ArrayPool<byte>.Shared.Return(value);
        return new(container, command, isCut);
    }
}
