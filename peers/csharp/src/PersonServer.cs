using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Stitch.CSharp;

/// <summary>The plain service for a person, with health and reflection.</summary>
static class PersonServer
{
    /// <summary>Serves until SIGINT or SIGTERM, or until it is to stop.</summary>
    public static async Task RunAsync(string host, ushort port, CancellationToken stop = default)
    {
        var address = await Hosts.ResolveAsync(host);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(address, port, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = Peer.Grace);
        builder.Services.AddGrpc();
        builder.Services.AddGrpcReflection();
        builder.Services.AddGrpcHealthChecks(options => options.Services.Map(Manage.Descriptor.FullName, _ => true))
            .AddCheck("serves", () => HealthCheckResult.Healthy());
        await using var app = builder.Build();
        app.MapGrpcService<ManageService>();
        app.MapGrpcReflectionService();
        app.MapGrpcHealthChecksService();
        await app.StartAsync(stop);
        await Console.Error.WriteLineAsync($"listening on {string.Join(", ", app.Urls)}");
        await app.WaitForShutdownAsync(stop);
    }
}
