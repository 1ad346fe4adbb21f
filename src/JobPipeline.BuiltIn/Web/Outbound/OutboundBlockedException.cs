namespace JobPipeline.BuiltIn.Web.Outbound;

/// <summary>
/// Thrown for an address that jobs may not call. Its type distinguishes it from a network failure, which may be transient.
/// </summary>
internal sealed class OutboundBlockedException(string message) : Exception(message);
