namespace JobPipeline.BuiltIn.Web.Outbound;

/// <summary>An address that jobs may not call. The handler tells it from a failure of the network, which may pass.</summary>
internal sealed class OutboundBlockedException(string message) : Exception(message);
