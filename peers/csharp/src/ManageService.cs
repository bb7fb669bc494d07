using Grpc.Core;

namespace Stitch.CSharp;

/// <summary>The plain service. It knows nothing of the harness.</summary>
sealed class ManageService : Manage.ManageBase
{
    static readonly Dictionary<string, Expirement> Table = new Expirement[]
    {
        new() { Id = 0, Name = "Cyber", Skill = "breaking" },
        new() { Id = 1, Name = "Shrink", Skill = "short-flying" },
        new() { Id = 2, Name = "Doubledip", Skill = "filting anying" },
        new() { Id = 3, Name = "Howcome", Skill = "making why" },
        new() { Id = 4, Name = "Squawk", Skill = "advanced language skill" },
        new() { Id = 5, Name = "Truxx", Skill = "seting up heavy machine" },
        new() { Id = 6, Name = "Gigi", Skill = "touching ur heart" },
        new() { Id = 7, Name = "Stitch", Skill = "making annoyed noise" },
    }.ToDictionary(row => row.Name, StringComparer.Ordinal);

    /// <summary>Returns the row of exactly that name, or NOT_FOUND.</summary>
    public override Task<Expirement> PickOne(NameRequest request, ServerCallContext context) =>
        Table.TryGetValue(request.Name, out var row)
            ? Task.FromResult(row)
            : throw new RpcException(new Status(StatusCode.NotFound, "expirement not found"));
}
