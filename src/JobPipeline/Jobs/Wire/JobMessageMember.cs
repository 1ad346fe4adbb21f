namespace JobPipeline.Jobs.Wire;

/// <summary>
/// The members of a message. The first group is the public contract, the second is reserved for the pipeline, the third is from
/// CloudEvents.
/// </summary>
internal enum JobMessageMember
{
    Unknown,
    Type, Payload, Key, NotBefore, ExpiresAt, MaxAttempts, Timeout, Backoff, Workflow, Input, Tags, CorrelationId, TraceParent,
    Tenant, Group,
    Version, JobId, Attempt, PayloadRef, EnqueuedAt, ParentId, ReplayOf, CallbackOf, WorkflowStep, Unadmitted, SentHidden, Pack,
    Warnings, Ready,
    SpecVersion, Source, Id, EventTime, Data, DataBase64,
}

internal static class JobMessageMembers
{
    /// <summary>Wire names, the most frequent first.</summary>
    public static readonly (byte[] Name, JobMessageMember Member)[] All =
    [
        ("type"u8.ToArray(), JobMessageMember.Type),
        ("payload"u8.ToArray(), JobMessageMember.Payload),
        ("v"u8.ToArray(), JobMessageMember.Version),
        ("jobId"u8.ToArray(), JobMessageMember.JobId),
        ("attempt"u8.ToArray(), JobMessageMember.Attempt),
        ("enqueuedAt"u8.ToArray(), JobMessageMember.EnqueuedAt),
        ("key"u8.ToArray(), JobMessageMember.Key),
        ("notBefore"u8.ToArray(), JobMessageMember.NotBefore),
        ("expiresAt"u8.ToArray(), JobMessageMember.ExpiresAt),
        ("maxAttempts"u8.ToArray(), JobMessageMember.MaxAttempts),
        ("timeout"u8.ToArray(), JobMessageMember.Timeout),
        ("backoff"u8.ToArray(), JobMessageMember.Backoff),
        ("tags"u8.ToArray(), JobMessageMember.Tags),
        ("correlationId"u8.ToArray(), JobMessageMember.CorrelationId),
        ("tenant"u8.ToArray(), JobMessageMember.Tenant),
        ("group"u8.ToArray(), JobMessageMember.Group),
        ("traceparent"u8.ToArray(), JobMessageMember.TraceParent),
        ("payloadRef"u8.ToArray(), JobMessageMember.PayloadRef),
        ("parentId"u8.ToArray(), JobMessageMember.ParentId),
        ("replayOf"u8.ToArray(), JobMessageMember.ReplayOf),
        ("callbackOf"u8.ToArray(), JobMessageMember.CallbackOf),
        ("workflowStep"u8.ToArray(), JobMessageMember.WorkflowStep),
        ("workflow"u8.ToArray(), JobMessageMember.Workflow),
        ("input"u8.ToArray(), JobMessageMember.Input),
        ("unadmitted"u8.ToArray(), JobMessageMember.Unadmitted),
        ("sentHidden"u8.ToArray(), JobMessageMember.SentHidden),
        ("pack"u8.ToArray(), JobMessageMember.Pack),
        ("ready"u8.ToArray(), JobMessageMember.Ready),
        ("warnings"u8.ToArray(), JobMessageMember.Warnings),
        ("specversion"u8.ToArray(), JobMessageMember.SpecVersion),
        ("source"u8.ToArray(), JobMessageMember.Source),
        ("id"u8.ToArray(), JobMessageMember.Id),
        ("time"u8.ToArray(), JobMessageMember.EventTime),
        ("data"u8.ToArray(), JobMessageMember.Data),
        ("data_base64"u8.ToArray(), JobMessageMember.DataBase64),
    ];

    /// <summary>Known members that have no effect in a CloudEvent.</summary>
    public static readonly JobMessageMember[] NotOfEvents =
    [
        JobMessageMember.Payload, JobMessageMember.Key, JobMessageMember.NotBefore, JobMessageMember.ExpiresAt, JobMessageMember.Input,
        JobMessageMember.Warnings,
    ];

    /// <summary>Known members that have no effect in a message that is not a CloudEvent.</summary>
    public static readonly JobMessageMember[] NotOfMessages =
    [
        JobMessageMember.Source, JobMessageMember.Id, JobMessageMember.EventTime, JobMessageMember.Data, JobMessageMember.DataBase64,
        JobMessageMember.Warnings,
    ];

    /// <summary>Gets the wire name.</summary>
    public static string Text(this JobMessageMember member) =>
        System.Text.Encoding.UTF8.GetString(Array.Find(All, entry => entry.Member == member).Name);
}
