using Grpc.Core;

namespace Stitch.CSharp;

static class Statuses
{
    /// <summary>A status as lines have it. Its details are a trailer to the library.</summary>
    public static CallStatus ToEntry(this Status status) => new((int)status.StatusCode, status.Detail);
}
