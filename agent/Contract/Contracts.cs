using System.Text.Json;
using ClusterTrail.Contract.Reading;
using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Contract;

/// <summary>The two files that the agent reads: what an operator writes, checked whole before anything is used.</summary>
public static class Contracts
{
    /// <summary>Reads <c>agent.json</c>.</summary>
    /// <exception cref="ConfigurationException">It cannot be used; every problem is named.</exception>
    public static AgentConfiguration LoadAgent(string path)
    {
        var configuration = ContractFile.Parse(path, ContractFile.ReadAll(path), ContractJson.Default.AgentConfiguration);
        var problems = new Problems(path);
        AgentValidation.Check(configuration, problems);
        problems.ThrowIfAny();
        return configuration;
    }

    /// <summary>Reads the content of <c>selectors.json</c>; the path is for messages.</summary>
    /// <exception cref="ConfigurationException">It cannot be used; every problem is named.</exception>
    public static SelectorsFile ParseSelectors(string path, ReadOnlyMemory<byte> json)
    {
        var selectors = ContractFile.Parse(path, json, ContractJson.Default.SelectorsFile);
        var problems = new Problems(path);
        SelectorsValidation.Check(selectors, problems);
        problems.ThrowIfAny();
        return selectors;
    }

    public static byte[] Write(AgentConfiguration configuration) =>
        JsonSerializer.SerializeToUtf8Bytes(configuration, ContractJson.Default.AgentConfiguration);

    public static byte[] Write(SelectorsFile selectors) => JsonSerializer.SerializeToUtf8Bytes(selectors, ContractJson.Default.SelectorsFile);
}
