using System.Text;
using System.Text.Json.Nodes;
using ClusterTrail.Contract.Reading;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Testing;

namespace ClusterTrail.Contract.Tests;

/// <summary>Reads files of the contract from memory.</summary>
static class ContractFiles
{
    public static AgentConfiguration LoadAgent(JsonObject json) => LoadAgent(json.ToJsonString());

    public static AgentConfiguration LoadAgent(string json)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Join("agent.json");
        File.WriteAllText(path, json);
        try
        {
            return Contracts.LoadAgent(path);
        }
        catch (ConfigurationException e)
        {
            // Messages name the file as it was given; the folder is another one each time.
            throw new ConfigurationException(e.Message.Replace(path, "agent.json", StringComparison.Ordinal), e);
        }
    }

    public static SelectorsFile LoadSelectors(JsonObject json) => LoadSelectors(json.ToJsonString());

    public static SelectorsFile LoadSelectors(string json) => Contracts.ParseSelectors("selectors.json", Encoding.UTF8.GetBytes(json));

    /// <summary>The sentences that the file is refused with.</summary>
    public static string[] Refusal(Action load) => Assert.Throws<ConfigurationException>(load).Message.Split('\n');
}
