using System.Text.Json;
using Grpc.Core;
using Grpc.Health.V1;

namespace Stitch.CSharp;

/// <summary>What a person asks of a server.</summary>
static class PersonClient
{
    static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(10);
    static readonly TimeSpan HealthTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Looks names up at each address in turn, and prints the rows; several addresses are told before theirs.</summary>
    /// <exception cref="InvalidOperationException">Has each status that is not OK, on a line of its own.</exception>
    public static async Task LookUpAsync(IReadOnlyList<string> addresses, IReadOnlyList<string> names, TextWriter output)
    {
        var failed = new List<string>();
        foreach (var address in addresses)
        {
            var isOneOfMany = addresses.Count > 1;
            if (isOneOfMany)
                await output.WriteAsync($"{address}\n");
            var statuses = await LookUpAtAsync(address, names, output);
            failed.AddRange(statuses.Select(status => isOneOfMany ? $"{address}: {status}" : status));
        }
        if (failed.Count > 0)
            throw new InvalidOperationException(string.Join('\n', failed));
    }

    /// <summary>Returns each status that is not OK.</summary>
    static async Task<List<string>> LookUpAtAsync(string address, IReadOnlyList<string> names, TextWriter output)
    {
        using var channel = Channels.Open(new Channel(address));
        var manage = new Manage.ManageClient(channel);
        var failed = new List<string>();
        foreach (var name in names)
        {
            try
            {
                var request = new NameRequest { Name = name };
                var row = await manage.PickOneAsync(request, deadline: DateTime.UtcNow + CallTimeout);
                await output.WriteAsync($"Expirement:\n---Name:{row.Name} \n---ID:{row.Id} \n---Skill:{row.Skill}\n");
            }
            catch (RpcException error)
            {
                failed.Add(error.Status.ToText());
            }
        }
        return failed;
    }

    /// <summary>Returns when the whole server is SERVING.</summary>
    /// <exception cref="RpcException">It did not say.</exception>
    /// <exception cref="InvalidOperationException">It said something else.</exception>
    public static async Task CheckHealthAsync(string address)
    {
        using var channel = Channels.Open(new Channel(address));
        var health = new Health.HealthClient(channel);
        var response = await health.CheckAsync(new HealthCheckRequest(), deadline: DateTime.UtcNow + HealthTimeout);
        if (response.Status != HealthCheckResponse.Types.ServingStatus.Serving)
            throw new InvalidOperationException($"wanted SERVING, got {NameOf(response.Status)}");
    }

    /// <summary>The status for a person: <c>NOT_FOUND: expirement not found</c>.</summary>
    public static string ToText(this Status status) => $"{NameOf(status.StatusCode)}: {status.Detail}";

    static string NameOf(Enum value) => JsonNamingPolicy.SnakeCaseUpper.ConvertName(value.ToString());
}
