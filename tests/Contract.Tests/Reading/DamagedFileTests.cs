using System.Text;
using ClusterTrail.Contract.Reading;
using ClusterTrail.Testing;

namespace ClusterTrail.Contract.Tests.Reading;

/// <summary>Files with random damage: each is read or rejected with sentences, and nothing else happens.</summary>
public sealed class DamagedFileTests
{
    static readonly string[] Parts =
    [
        "\0", "\u001b[2J", "\ufeff", "\u00ff", "\n", "\\", "\\ud800", "\\u0000", "\"", ",", ":", "//", "/*",
        "[", "[[[[[[[[", "{", "{\"a\":1}", "\"type\":", "null", "true", "-1", "1e999", "99999999999999999999",
    ];

    [Fact]
    public void AnAgentsConfigurationIsReadOrRejected() => RandomSequences.Run(
        5000, seed => Hold(seed, Some.AgentToS3().ToJsonString(), json => Contracts.ParseAgent("agent.json", json)));

    [Fact]
    public void SelectorsAreReadOrRejected() => RandomSequences.Run(
        5000, seed => Hold(seed, Some.Selectors().ToJsonString(), json => Contracts.ParseSelectors("selectors.json", json)));

    static void Hold(int seed, string whole, Action<ReadOnlyMemory<byte>> read)
    {
        var damaged = Damage(whole, new Random(seed));
        try
        {
            read(damaged);
        }
        catch (ConfigurationException e)
        {
            Assert.All(e.Message.Split('\n'), sentence => Assert.InRange(sentence.Length, 1, 1000));
            Assert.DoesNotContain(e.Message, letter => char.IsControl(letter) && letter != '\n');
        }
    }

    static byte[] Damage(string whole, Random random)
    {
        var bytes = Encoding.UTF8.GetBytes(whole).ToList();
        for (var damage = random.Next(1, 5); damage > 0; damage--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 30), bytes.Count - at);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1 when length < bytes.Count:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                default:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(random.GetItems(Parts, 1)[0]));
                    break;
            }
        }

        return [.. bytes];
    }
}
