using System.Globalization;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;

namespace ClusterTrail.Testing.Hubs;

/// <summary>A link that reads a partition.</summary>
/// <param name="level">The owner level; who has none comes after all that have one.</param>
/// <param name="cutsAfter">After as many messages it calls <paramref name="cut"/>.</param>
sealed class HubReader(ListenerLink link, long level, long? after, int? cutsAfter, Action cut) : LinkEndpoint
{
    readonly Lock gate = new();
    Func<long?, HubStored?> find = _ => null;
    long? position = after;
    int credit;
    bool ended;

    public long Level => level;

    public int Sent { get; private set; }

    public bool IsOpen => !ended && !link.IsClosed;

    public static long LevelOf(Attach attach) =>
        attach.Properties?[new Symbol("com.microsoft:epoch")] is { } value ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : -1;

    // amqp.annotation.x-opt-sequence-number > 5
    public static long? AfterOf(Attach attach)
    {
        var filter = ((Source)attach.Source).FilterSet?.Values.OfType<DescribedValue>().Select(one => $"{one.Value}").Single() ?? "";
        var words = filter.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is not [_, var comparison, var number] || number.Trim('\'') is not { } text || text == "@latest")
            return null;
        var value = long.Parse(text, CultureInfo.InvariantCulture) - (comparison == ">=" ? 1 : 0);
        return words[0].EndsWith("x-opt-offset", StringComparison.Ordinal) && value > 0 ? value / 100 : value;
    }

    public void Begin(Func<long?, HubStored?> messages) => find = messages;

    public void End(Error reason)
    {
        ended = true;
        link.CloseAsync(TimeSpan.Zero, reason);
    }

    public void Pump()
    {
        lock (gate)
        {
            while (credit > 0 && IsOpen && find(position) is { } next)
            {
                if (Sent == cutsAfter)
                {
                    ended = true;
                    cut();
                    return;
                }

                (credit, position, Sent) = (credit - 1, next.Sequence, Sent + 1);
                link.SendMessage(Message(next));
            }

            if (link.IsDraining && credit > 0)
            {
                credit = 0;
                link.CompleteDrain();
            }
        }
    }

    public override void OnFlow(FlowContext flowContext)
    {
        lock (gate)
            credit += flowContext.Messages;
        Pump();
    }

    public override void OnDisposition(DispositionContext dispositionContext) => dispositionContext.Complete();

    static Message Message(HubStored stored) => new()
    {
        BodySection = new Data { Binary = stored.Body },
        MessageAnnotations = new()
        {
            Map =
            {
                [new Symbol("x-opt-sequence-number")] = stored.Sequence,
                [new Symbol("x-opt-offset")] = $"{stored.Sequence * 100}",
                [new Symbol("x-opt-enqueued-time")] = stored.At,
            },
        },
    };
}
