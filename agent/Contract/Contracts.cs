using System.Text.Json;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Reading;
using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Contract;

/// <summary>The files that the agent reads: what an operator writes, checked whole before anything is used.</summary>
public static class Contracts
{
    /// <summary>Reads <c>agent.json</c>.</summary>
    /// <exception cref="ConfigurationException">It cannot be used; every problem is named.</exception>
    public static AgentConfiguration LoadAgent(string path) => ParseAgent(path, ContractFile.ReadAll(path));

    /// <summary>Reads the content of <c>agent.json</c>; the path is for messages.</summary>
    /// <exception cref="ConfigurationException">It cannot be used; every problem is named.</exception>
    public static AgentConfiguration ParseAgent(string path, ReadOnlyMemory<byte> json)
    {
        var configuration = ContractFile.Parse<AgentConfiguration>(path, json);
        var problems = new Problems();
        AgentValidation.Check(configuration, problems);
        problems.ThrowIfAny(path);
        return configuration;
    }

    /// <exception cref="ConfigurationException">The file cannot be read.</exception>
    public static byte[] ReadAll(string path) => ContractFile.ReadAll(path);

    /// <summary>Reads the content of <c>selectors.json</c>; the path is for messages.</summary>
    /// <exception cref="ConfigurationException">It cannot be used; every problem is named.</exception>
    public static SelectorsFile ParseSelectors(string path, ReadOnlyMemory<byte> json)
    {
        var selectors = ContractFile.Parse<SelectorsFile>(path, json);
        var problems = new Problems();
        SelectorsValidation.Check(selectors, problems);
        problems.ThrowIfAny(path);
        return selectors;
    }

    /// <summary>Reads the content of a source's <c>containers.rulesFile</c>; the path is for messages.</summary>
    /// <exception cref="ConfigurationException">It cannot be used; every problem is named.</exception>
    public static ContainerRulesFile ParseContainerRules(string path, ReadOnlyMemory<byte> json)
    {
        var file = ContractFile.Parse<ContainerRulesFile>(path, json);
        var problems = new Problems();
        ContainersValidation.Check(file.Rules, "rules", problems);
        problems.ThrowIfAny(path);
        return file;
    }

    /// <summary>Reads the content of a source's <c>processes.namespacesFile</c>; the path is for messages.</summary>
    /// <exception cref="ConfigurationException">It cannot be used; every problem is named.</exception>
    public static ProcessesFile ParseProcesses(string path, ReadOnlyMemory<byte> json)
    {
        var file = ContractFile.Parse<ProcessesFile>(path, json);
        var problems = new Problems();
        ProcessesValidation.Check(file.Namespaces ?? [], "namespaces", problems);
        ContainersValidation.Check(file.Rules ?? Array.Empty<PodRule>(), "rules", problems);
        problems.ThrowIfAny(path);
        return file;
    }

    /// <summary>Reads <c>selectors.json</c>.</summary>
    /// <exception cref="ConfigurationException">It cannot be used; every problem is named.</exception>
    public static SelectorsFile LoadSelectors(string path) => ParseSelectors(path, ContractFile.ReadAll(path));

    /// <summary>Reads the content of <c>detections.json</c>; the path is for messages.</summary>
    /// <exception cref="ConfigurationException">It cannot be used; every problem is named.</exception>
    public static DetectionsFile ParseDetections(string path, ReadOnlyMemory<byte> json)
    {
        var detections = ContractFile.Parse<DetectionsFile>(path, json);
        var problems = new Problems();
        DetectionsValidation.Check(detections, problems);
        problems.ThrowIfAny(path);
        return detections;
    }

    /// <summary>Reads rules and lists in YAML or JSON, as people write them; the path is for messages.</summary>
    /// <exception cref="ConfigurationException">They cannot be used; every problem is named.</exception>
    public static RuleFile ParseRules(string path, string yaml)
    {
        var rules = ContractFile.ParseYaml<RuleFile>(path, yaml);
        var problems = new Problems();
        DetectionsValidation.Check(rules, problems);
        problems.ThrowIfAny(path);
        return rules;
    }

    /// <summary>Reads another file of one YAML document, as strictly as those of the contract; the path is for messages.</summary>
    /// <exception cref="ConfigurationException">It is no such document, or a field is unknown or of another kind.</exception>
    public static T ParseYaml<T>(string path, string yaml)
        where T : class =>
        ContractFile.ParseYaml<T>(path, yaml);

    /// <summary>Reads the tests of rules: a YAML document a rule; the path is for messages.</summary>
    /// <exception cref="ConfigurationException">They cannot be used; every problem is named.</exception>
    public static IReadOnlyList<RuleTests> ParseRuleTests(string path, string yaml)
    {
        var tests = ContractFile.ParseYamlDocuments<RuleTests>(path, yaml);
        var problems = new Problems();
        foreach (var one in tests)
        {
            RuleTestsValidation.Check(one, problems);
        }

        problems.ThrowIfAny(path);
        return tests;
    }

    /// <summary>What is wrong with detections that are to be written; an agent would refuse them for that.</summary>
    public static IReadOnlyList<Problem> ProblemsOf(DetectionsFile detections)
    {
        var problems = new Problems();
        DetectionsValidation.Check(detections, problems);
        return problems.Found;
    }

    /// <summary>What is wrong with a condition; of its fields the names begin with a dot.</summary>
    public static IReadOnlyList<Problem> ProblemsOf(FieldCondition condition)
    {
        var problems = new Problems();
        SelectorsValidation.Check(condition, "", problems);
        return problems.Found;
    }

    /// <summary>What is wrong with a configuration that is to be written; an agent would refuse it for that.</summary>
    public static IReadOnlyList<Problem> ProblemsOf(AgentConfiguration configuration)
    {
        var problems = new Problems();
        AgentValidation.Check(configuration, problems);
        return problems.Found;
    }

    /// <summary>What is wrong with selectors that are to be written; an agent would refuse them for that.</summary>
    public static IReadOnlyList<Problem> ProblemsOf(SelectorsFile selectors)
    {
        var problems = new Problems();
        SelectorsValidation.Check(selectors, problems);
        return problems.Found;
    }

    /// <summary>Whether this can stand in an object's name, as a cluster's, node's or trail's name does.</summary>
    public static bool IsName(string name) => AgentValidation.IsName(name);

    public static byte[] Write(AgentConfiguration configuration) =>
        JsonSerializer.SerializeToUtf8Bytes(configuration, ContractJson.Options);

    public static byte[] Write(SelectorsFile selectors) => JsonSerializer.SerializeToUtf8Bytes(selectors, ContractJson.Options);

    /// <summary>As short as it can be: on one line, without what is empty.</summary>
    public static byte[] WriteCompact(SelectorsFile selectors) => JsonSerializer.SerializeToUtf8Bytes(selectors, ContractJson.Compact);

    /// <summary>As short as it can be: on one line, without what is empty.</summary>
    public static byte[] WriteCompact(DetectionsFile detections) => JsonSerializer.SerializeToUtf8Bytes(detections, ContractJson.Compact);

    /// <summary>As short as it can be: on one line. An empty list stays: it is none, and without it all.</summary>
    public static byte[] WriteCompact(ProcessesFile processes) => JsonSerializer.SerializeToUtf8Bytes(processes, ContractJson.OneLine);

    /// <summary>As short as it can be: on one line, without what is empty.</summary>
    public static byte[] WriteCompact(ContainerRulesFile rules) => JsonSerializer.SerializeToUtf8Bytes(rules, ContractJson.Compact);

    /// <summary>One rule as it stands in what <see cref="WriteCompact(ContainerRulesFile)"/> writes.</summary>
    public static byte[] WriteCompact(ContainerRule rule) => JsonSerializer.SerializeToUtf8Bytes(rule, ContractJson.Compact);

    /// <summary>One rule of <c>processes.json</c>.</summary>
    public static byte[] WriteCompact(PodRule rule) => JsonSerializer.SerializeToUtf8Bytes(rule, ContractJson.Compact);

    /// <summary>What is wrong with rules for containers that are to be written; an agent would refuse them for that.</summary>
    public static IReadOnlyList<Problem> ProblemsOf(ContainerRulesFile rules)
    {
        var problems = new Problems();
        ContainersValidation.Check(rules.Rules, "rules", problems);
        return problems.Found;
    }

    /// <summary>One set as it stands in what <see cref="WriteCompact(SelectorsFile)"/> writes.</summary>
    public static byte[] WriteCompact(RuleSet set) => JsonSerializer.SerializeToUtf8Bytes(set, ContractJson.Compact);
}
