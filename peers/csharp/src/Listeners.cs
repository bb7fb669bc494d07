using System.Collections.Concurrent;
using System.Net;
using Grpc.AspNetCore.Server.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Stitch.CSharp;

/// <summary>Ports, each with a server of its own.</summary>
sealed class Listeners(Driver driver)
{
    readonly ConcurrentDictionary<int, WebApplication> open = [];

    /// <summary>Opens a listener that serves these methods, and returns its port.</summary>
    /// <exception cref="IOException">The port cannot be bound.</exception>
    /// <exception cref="NotSupportedException">The server has no such option.</exception>
    public async Task<int> ListenAsync(Listen told, Methods methods)
    {
        if (told is not { Keepalive: null, MinPingMs: 0, MaxAgeMs: 0 })
            throw new NotSupportedException("Kestrel limits neither the pings nor the age of a connection");
        var app = Build(told, methods, await Hosts.ResolveAsync(told.Host));
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
        var port = new Uri(app.Urls.Single()).Port;
        open[port] = app;
        return port;
    }

    /// <summary>Ends a listener and its connections at once. When it returns, the port is free.</summary>
    public Task CloseAsync(int port) => EndAsync(port, new CancellationToken(canceled: true));

    /// <summary>Takes no new calls, and ends a listener when those in flight have ended.</summary>
    public Task DrainAsync(int port) => EndAsync(port, CancellationToken.None);

    /// <summary>Drains all.</summary>
    public Task StopAsync() => Task.WhenAll(open.Keys.Select(DrainAsync));

    async Task EndAsync(int port, CancellationToken impatience)
    {
        if (!open.TryRemove(port, out var app))
            throw new ArgumentException($"port {port}: nothing listens here");
        await app.StopAsync(impatience);
        await app.DisposeAsync();
    }

    WebApplication Build(Listen told, Methods methods, IPAddress host)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        var tls = told.Tls?.ForServer();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(host, told.Port, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (tls is not null)
                listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(tls()) });
        }));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = Timeout.InfiniteTimeSpan);
        builder.Services.AddGrpc(options =>
        {
            if (told.MaxReceiveBytes > 0)
                options.MaxReceiveMessageSize = told.MaxReceiveBytes;
        });
        builder.Services.AddSingleton(driver);
        builder.Services.AddSingleton<IServiceMethodProvider<Driver>>(new MethodProvider(methods));
        var app = builder.Build();
        app.MapGrpcService<Driver>();
        return app;
    }
}
