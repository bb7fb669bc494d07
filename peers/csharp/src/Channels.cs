using System.Collections.Concurrent;
using Grpc.Net.Client;

namespace Stitch.CSharp;

/// <summary>Channels by their content, made when first named.</summary>
sealed class Channels
{
    readonly ConcurrentDictionary<Channel, Lazy<GrpcChannel>> open = [];

    public GrpcChannel this[Channel told] => open.GetOrAdd(told, _ => new(() => Open(told))).Value;

    /// <summary>
    /// Opens a channel with the library's defaults, but for what is told and what would change what is seen. It
    /// connects when first used.
    /// </summary>
    public static GrpcChannel Open(Channel told)
    {
        var sockets = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true, // as the library's own handler has it
            UseProxy = false,
            ActivityHeadersPropagator = null,
        };
        if (told.Keepalive is { } keepalive)
        {
            sockets.KeepAlivePingDelay = TimeSpan.FromMilliseconds(keepalive.TimeMs);
            sockets.KeepAlivePingTimeout = TimeSpan.FromMilliseconds(keepalive.TimeoutMs);
            sockets.KeepAlivePingPolicy =
                keepalive.WithoutCalls ? HttpKeepAlivePingPolicy.Always : HttpKeepAlivePingPolicy.WithActiveRequests;
        }
        if (told.Tls is not null)
            sockets.SslOptions = told.Tls.ForClient();
        var options = new GrpcChannelOptions
        {
            HttpHandler = told.Tls is { ServerName: not "" } tls ? new ServerName(tls.ServerName, sockets) : sockets,
            DisposeHttpClient = true,
        };
        if (told.MaxReceiveBytes > 0)
            options.MaxReceiveMessageSize = told.MaxReceiveBytes;
        return GrpcChannel.ForAddress($"{(told.Tls is null ? "http" : "https")}://{told.Address}", options);
    }

    /// <summary>
    /// Has the server be of another name than that of its address: in the handshake, in its certificate, and as
    /// <c>:authority</c>. <see cref="System.Net.Security.SslClientAuthenticationOptions.TargetHost"/> is not looked at.
    /// </summary>
    sealed class ServerName(string name, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken token)
        {
            request.Headers.Host = name;
            return base.SendAsync(request, token);
        }
    }
}
