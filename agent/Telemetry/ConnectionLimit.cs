using System.Net;

namespace ClusterTrail.Telemetry;

/// <summary>Bounds the connections, and never rejects a new one: it closes an old one of the peer that has the most.</summary>
/// <remarks>
/// Guarantee: a peer that opens connections without end, idle or not, does not keep another out. A probe of the kubelet is always
/// the newest connection of its peer, and is answered before it could become the oldest.
/// </remarks>
public sealed class ConnectionLimit(int most)
{
    readonly Lock gate = new();
    // The oldest first.
    readonly LinkedList<Place> places = [];

    public int Count
    {
        get
        {
            lock (gate)
                return places.Count;
        }
    }

    /// <param name="close">Closes the connection, if another needs its place. It is called once at most.</param>
    /// <returns>What to dispose of when the connection has ended.</returns>
    public IDisposable Enter(IPAddress peer, Action close)
    {
        var place = new Place(this, peer, close);
        Place? closed = null;
        lock (gate)
        {
            place.Node = places.AddLast(place);
            if (places.Count > most)
                places.Remove((closed = OldestOfTheLargest()).Node!);
        }

        closed?.Close();
        return place;
    }

    // Peers with equally many connections are in the order of their oldest.
    Place OldestOfTheLargest() => places.GroupBy(place => place.Peer).MaxBy(peer => peer.Count())!.First();

    void Leave(Place place)
    {
        lock (gate)
        {
            if (place.Node!.List is not null)
                places.Remove(place.Node);
        }
    }

    sealed class Place(ConnectionLimit limit, IPAddress peer, Action close) : IDisposable
    {
        public IPAddress Peer => peer;

        public LinkedListNode<Place>? Node { get; set; }

        public void Close() => close();

        public void Dispose() => limit.Leave(this);
    }
}
