using ClusterTrail.Verification.Findings;

namespace ClusterTrail.Kubectl.Help;

/// <summary>What each command's exit codes mean.</summary>
static class ExitCodes
{
    const string Other = "an unexpected error";
    const string Cluster = "the cluster could not be reached or read";
    const string Usage = "wrong usage or input";
    const string Key = "something could not be decrypted: no key, or the wrong key";

    /// <summary>Lines for a command's help.</summary>
    /// <param name="command">Its path, such as <c>keys export</c>.</param>
    internal static IEnumerable<string> Of(string command) =>
    [
        "Exit codes:", "  0    success", .. Others(command).Select(code => $"  {code.Code,-3}  {code.Meaning}"), "  130  interrupted",
    ];

    static IReadOnlyList<(int Code, string Meaning)> Others(string command) => command switch
    {
        "cat" or "insights" or "lookup" => [(1, "something could not be read; everything else was printed"), (2, Usage), (3, $"{Key}; everything else was printed")],
        "query" =>
        [
            (1, "something could not be read; the answer is of the rest"), (2, $"{Usage}, such as wrong SQL"),
            (3, $"{Key}; the answer is of the rest"),
        ],
        "console" => [(1, Other), (2, $"{Usage}, such as a time with too many records for the memory")],
        "decrypt" => [(1, "the object is damaged"), (2, Usage), (3, "the object could not be decrypted: no key, or the wrong key")],
        "verify" =>
        [
            (1, "a part of the archive could not be read"), (2, Usage),
            .. Enum.GetValues<FindingKind>().Where(kind => kind.Code() > 2)
                .Select(kind => (kind.Code(), $"{kind}{(kind.Fails() ? "" : ", with --strict")}")),
        ],
        "status" => [(1, Cluster), (2, $"{Usage}, or the Trail does not exist"), (3, "a Trail is not Ready")],
        "render" => [(1, $"--from-cluster: {Cluster}"), (2, $"{Usage}: nothing was printed, for example because a Trail is invalid")],
        "webhook" => [(1, $"{Cluster}, or the operator has not made the certificates yet"), (2, Usage)],
        "policy" => [(1, Other), (2, $"{Usage}, such as an invalid Trail")],
        "explain" => [(1, Other), (2, $"{Usage}, such as a file without an event")],
        "detections test" => [(1, "a case failed"), (2, $"{Usage}, such as an invalid rule")],
        "detections" => [(1, "test: a case failed"), (2, Usage)],
        "estimate" => [(1, "a part of the archive could not be read"), (2, Usage), (3, $"{Key}; the estimate is of the rest")],
        "report" =>
        [
            (1, "something could not be read, as the page says"), (2, Usage), (3, $"{Key}, as the page says"),
            (20, "and above, with --keys: the gravest finding, as of verify"),
        ],
        "completion" => [(2, Usage)],
        "export" =>
        [
            (1, "something could not be read or written; the next export tries it again"), (2, Usage),
            (3, $"{Key}; everything else was exported"),
        ],
        "keys export" => [(1, $"{Cluster}, or its operator has no key yet"), (2, Usage)],
        "keys" => [(1, $"{Other}; export: {Cluster}, or its operator has no key yet"), (2, Usage)],
        "keys generate" or "detections list" => [(1, Other), (2, Usage)],
        _ =>
        [
            (1, $"something could not be read, or {Cluster}; detections test: a case failed"), (2, Usage),
            (3, $"{Key}; status: a Trail is not Ready"), (20, "and above, verify and report: the gravest finding (verify --help)"),
        ],
    };
}
