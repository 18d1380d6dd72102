using System.Text;
using ClusterTrail.Contract.Reading;
using ClusterTrail.Testing;

namespace ClusterTrail.Contract.Tests.Reading;

/// <summary>Files with random damage: each is read or rejected with sentences, and nothing else happens.</summary>
public sealed class DamagedFileTests
{
    static readonly byte[][] Parts =
    [
        .. new[]
        {
            "\0", "\u001b[2J", "\ufeff", "\u00ff", "\n", "\\", "\\ud800", "\\u0000", "\"", ",", ":", "//", "/*",
            "[", "[[[[[[[[", "{", "{\"a\":1}", "\"type\":", "null", "true", "-1", "1e999", "99999999999999999999",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    [Fact]
    public void AnAgentsConfigurationIsReadOrRejected() => RandomSequences.Run(
        5000, seed => Hold(seed, Some.AgentToS3().ToJsonString(), json => Contracts.ParseAgent("agent.json", json)));

    [Fact]
    public void SelectorsAreReadOrRejected() => RandomSequences.Run(
        5000, seed => Hold(seed, Some.Selectors().ToJsonString(), json => Contracts.ParseSelectors("selectors.json", json)));

    static void Hold(int seed, string whole, Action<ReadOnlyMemory<byte>> read)
    {
        var random = new Random(seed);
        var damaged = Damage.To(Encoding.UTF8.GetBytes(whole), random.Next(1, 5), Parts, random);
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
}
