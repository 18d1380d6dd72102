using System.Security.Cryptography;
using System.Text;

namespace ClusterTrail.Testing.Hubs;

/// <summary>A shared access signature, as Azure's services check it.</summary>
static class HubSignature
{
    /// <summary>Whether a token is signed with this key, and still valid.</summary>
    public static bool IsOf(string token, string key)
    {
        var parts = token[(token.IndexOf(' ', StringComparison.Ordinal) + 1)..].Split('&')
            .Select(part => part.Split('=', 2)).ToDictionary(part => part[0], part => part[1]);
        var signed = Encoding.UTF8.GetBytes($"{parts["sr"]}\n{parts["se"]}");
        var expected = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), signed));
        return Uri.UnescapeDataString(parts["sig"]) == expected
            && DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts["se"])) > DateTimeOffset.UtcNow;
    }
}
