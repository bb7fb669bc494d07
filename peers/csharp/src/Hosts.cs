using System.Net;

namespace Stitch.CSharp;

static class Hosts
{
    /// <summary>The address of a host that is told by name or address.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">There is no such host.</exception>
    public static async Task<IPAddress> ResolveAsync(string host) =>
        IPAddress.TryParse(host, out var address) ? address : (await Dns.GetHostAddressesAsync(host))[0];
}
