using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Rules.Detections;
using ClusterTrail.Rules.Events;
using ClusterTrail.Testing;

namespace ClusterTrail.Rules.Tests.Detections;

/// <summary>Nobody hides a request from the rules, or himself from the archive, by making a string of it long.</summary>
public sealed class PaddingTests
{
    const int MaxEventBytes = 8192;

    // What a rule may fire on when a string is long, and not when it is short.
    const string Padded = "event-padded";

    // Of a line just within the limit and beyond it; of a string just within what is kept of one and beyond it; and of more than a body
    // has.
    static readonly int[] Sizes = [100, 1000, 1024, 1025, 1100, MaxEventBytes - 500, MaxEventBytes, MaxEventBytes + 1, 40_000];

    static readonly DetectionSet Rules = new([.. Packs.Rules]);

    [Fact]
    public void WhoeverPadsAStringHidesNothing()
    {
        var events = Events().ToList();
        RandomSequences.Run(events.Count, seed => new Padding(events[(seed - 1) % events.Count], new(seed)).Check());
    }

    [Fact]
    public void OfARealEventThereAreAllThatSayWhoAndWhat() => Assert.InRange(Events().Count(), 250, 10_000);

    static IEnumerable<JsonObject> Events()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".tests.yaml", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            // No client writes an event of a process.
            var events = Contracts.ParseRuleTests(name, reader.ReadToEnd()).SelectMany(tests => tests.Events.Values);
            foreach (var audit in events.Where(one => (string?)one["kind"] != "ProcessEvent"))
            {
                yield return audit;
            }
        }
    }

    /// <summary>One event, each string of which is made long in turn.</summary>
    sealed class Padding(JsonObject audit, Random random)
    {
        public void Check()
        {
            foreach (var path in Strings(audit, []).ToList())
            {
                Check(path, Sizes[random.Next(Sizes.Length)]);
            }
        }

        void Check(IReadOnlyList<object> path, int size)
        {
            var small = Outcomes(With(path, text => text + "<<"), out _);
            var other = Outcomes(With(path, _ => "other"), out _);
            var large = Outcomes(With(path, text => text + new string('<', size)), out var recorded);
            var where = $"{Pointer(path)} with {size} more in {audit.ToJsonString()}";

            foreach (var (rule, outcome) in small.Where(one => one.Key != Padded))
            {
                var padded = large.GetValueOrDefault(rule);
                Assert.True(padded == outcome || padded == Outcome.Unknown, $"{rule} says {padded}, and not {outcome}, of {where}");
                // What does not depend on the string fires all the same.
                Assert.False(
                    outcome == Outcome.Yes && padded == Outcome.Unknown && other.GetValueOrDefault(rule) == Outcome.Yes && !IsInList(path),
                    $"{rule} cannot judge {where}");
            }

            var fired = large.Where(one => one.Value == Outcome.Yes && one.Key != Padded);
            Assert.All(fired, one => Assert.True(small.GetValueOrDefault(one.Key) == Outcome.Yes, where));
            CheckRecorded(path, recorded, where);
        }

        // A rule about every item of a list, or any, depends on them all.
        static bool IsInList(IReadOnlyList<object> path) => path.Any(step => step is int);

        void CheckRecorded(IReadOnlyList<object> path, JsonNode recorded, string where)
        {
            foreach (var string_ in Strings(audit, []))
            {
                var (kept, original) = ((string)At(recorded, string_)!, (string)At(audit, string_)!);
                Assert.True(
                    string_.SequenceEqual(path)
                        ? kept.StartsWith(original, StringComparison.Ordinal) || original.Length > 200
                        : kept == original,
                    $"{Pointer(string_)} is {kept} in the record of {where}");
            }
        }

        JsonObject With(IReadOnlyList<object> path, Func<string, string> change)
        {
            var changed = audit.DeepClone().AsObject();
            var holder = At(changed, [.. path.SkipLast(1)])!;
            var text = change((string)At(changed, path)!);
            if (path[^1] is int item)
            {
                holder[item] = text;
            }
            else
            {
                holder[(string)path[^1]] = text;
            }

            return changed;
        }

        static Dictionary<string, Outcome> Outcomes(JsonObject audit, out JsonNode recorded)
        {
            var line = Encoding.UTF8.GetBytes(audit.ToJsonString());
            using var reducer = new EventReducer(MaxEventBytes);
            Truncation? truncation = null;
            if (line.Length > MaxEventBytes)
            {
                reducer.Append(line);
                Assert.True(reducer.IsWhole);
                truncation = new(TruncationReason.LongerThanMaxEventBytes, line.Length, [], [.. reducer.Cuts]);
            }

            var text = truncation is null ? line : reducer.Text;
            var outcomes = new Dictionary<string, Outcome>();
            recorded = JsonNode.Parse(text)!;
            if (AuditEvent.TryParse(text, new JsonIndex(), out var parsed, out _, truncation))
            {
                foreach (var rule in Rules.CandidatesFor(parsed, new ulong[Rules.Words]))
                {
                    outcomes[Rules[rule].Rule.Name] = Rules[rule].Test(parsed);
                }
            }

            return outcomes;
        }

        static IEnumerable<IReadOnlyList<object>> Strings(JsonNode? node, IReadOnlyList<object> path) => node switch
        {
            JsonObject members => members.SelectMany(member => Strings(member.Value, [.. path, member.Key])),
            JsonArray items => items.Index().SelectMany(item => Strings(item.Item, [.. path, item.Index])),
            JsonValue value when value.TryGetValue<string>(out _) => [path],
            _ => [],
        };

        static JsonNode? At(JsonNode? node, IReadOnlyList<object> path) =>
            path.Aggregate(node, (at, step) => step is int item ? at![item] : at![(string)step]);

        static string Pointer(IReadOnlyList<object> path) => string.Concat(path.Select(step => $"/{step}"));
    }
}
