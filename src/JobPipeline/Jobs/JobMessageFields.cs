using System.Globalization;
using System.Text.Json;
using JobPipeline.Failures;
using JobPipeline.Workflows.Running;

namespace JobPipeline.Jobs;

/// <summary>The members of a message as they are met, each checked on the spot.</summary>
internal struct JobMessageFields()
{
    private string? _type, _jobId, _key, _correlationId, _traceParent, _parentId, _replayOf, _callbackOf, _workflow, _specVersion, _source, _eventId;
    private DateTimeOffset? _notBefore, _expiresAt, _enqueuedAt, _eventTime;
    private int? _maxAttempts, _attempt;
    private TimeSpan? _timeout;
    private BackoffOverride? _backoff;
    private WorkflowOrigin? _workflowStep;
    private string[] _tags = [];
    private bool _payloadRef, _unadmitted;
    private ReadOnlyMemory<byte> _payload, _data, _input;
    private ulong _seen;

    /// <summary>The parts, when the message is a pack.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>>? Pack { get; private set; }

    public void ReadMember(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        var name = Name(ref reader);
        reader.Read();
        if (name == JobMessageMember.Unknown)
        {
            reader.Skip();
            return;
        }

        if ((_seen & (1UL << (int)name)) != 0)
            throw new MessageFormatException($"the member '{name.Text()}' appears twice");
        _seen |= 1UL << (int)name;
        if (reader.TokenType == JsonTokenType.Null)
            return;
        switch (name)
        {
            case JobMessageMember.Version: CheckVersion(ref reader); break;
            case JobMessageMember.Pack: Pack = Parts(ref reader, json); break;
            case JobMessageMember.Type: _type = Text(ref reader, name, JobLimits.MaxTypeLength); break;
            case JobMessageMember.Payload: _payload = Raw(ref reader, json); break;
            case JobMessageMember.PayloadRef: _payloadRef = Flag(ref reader, name); break;
            case JobMessageMember.Key: _key = Text(ref reader, name, JobLimits.MaxKeyLength); break;
            case JobMessageMember.NotBefore: _notBefore = Time(ref reader, name); break;
            case JobMessageMember.ExpiresAt: _expiresAt = Time(ref reader, name); break;
            case JobMessageMember.EnqueuedAt: _enqueuedAt = Time(ref reader, name); break;
            case JobMessageMember.MaxAttempts: _maxAttempts = Count(ref reader, name, JobLimits.MaxAttempts); break;
            case JobMessageMember.Attempt: _attempt = Count(ref reader, name, JobLimits.MaxAttempts); break;
            case JobMessageMember.Timeout: _timeout = Duration(ref reader, name); break;
            case JobMessageMember.Backoff: _backoff = BackoffJson.Read(ref reader); break;
            case JobMessageMember.Workflow: _workflow = Text(ref reader, name, JobLimits.MaxTypeLength); break;
            case JobMessageMember.Input: _input = Raw(ref reader, json); break;
            case JobMessageMember.WorkflowStep: _workflowStep = StepOf(ref reader); break;
            case JobMessageMember.Tags: _tags = Tags(ref reader); break;
            case JobMessageMember.CorrelationId: _correlationId = Text(ref reader, name, JobLimits.MaxCorrelationLength); break;
            case JobMessageMember.TraceParent: _traceParent = Text(ref reader, name, JobLimits.MaxCorrelationLength); break;
            case JobMessageMember.JobId: _jobId = Text(ref reader, name, JobLimits.MaxCorrelationLength); break;
            case JobMessageMember.ParentId: _parentId = Text(ref reader, name, JobLimits.MaxCorrelationLength); break;
            case JobMessageMember.ReplayOf: _replayOf = Text(ref reader, name, JobLimits.MaxCorrelationLength); break;
            case JobMessageMember.CallbackOf: _callbackOf = Text(ref reader, name, JobLimits.MaxCorrelationLength); break;
            case JobMessageMember.Unadmitted: _unadmitted = Flag(ref reader, name); break;
            case JobMessageMember.SpecVersion: _specVersion = Text(ref reader, name, JobLimits.MaxCorrelationLength); break;
            case JobMessageMember.Source: _source = Text(ref reader, name, JobLimits.MaxKeyLength); break;
            case JobMessageMember.Id: _eventId = Text(ref reader, name, JobLimits.MaxKeyLength); break;
            case JobMessageMember.EventTime: _eventTime = Time(ref reader, name); break;
            case JobMessageMember.Data: _data = Raw(ref reader, json); break;
            case JobMessageMember.DataBase64: _data = Decoded(ref reader, name); break;
        }
    }

    public readonly JobMessage ToMessage(DateTimeOffset insertedAt)
    {
        var isEvent = _specVersion is not null;
        if (isEvent && _specVersion != "1.0")
            throw new MessageFormatException($"CloudEvents {_specVersion} is not supported; send specversion 1.0");
        if (isEvent && (_source is null || _eventId is null))
            throw new MessageFormatException("a CloudEvent needs 'source' and 'id'");
        if (_type is null == _workflow is null)
            throw new MessageFormatException(_type is null ? "the member 'type' is missing: it names the job to run" : "a message has 'type' or 'workflow', not both");
        var spec = new JobSpec
        {
            Type = _type ?? WorkflowStart.JobType,
            Payload = isEvent ? _data : _workflow is not null ? PayloadJson.Normalise(WorkflowStart.Payload(_workflow, _input), "input") : _payload,
            PayloadInBlob = _payloadRef && !isEvent,
            Key = isEvent ? $"{_source} {_eventId}" : _key,
            NotBefore = isEvent ? null : _notBefore,
            ExpiresAt = isEvent ? null : _expiresAt,
            MaxAttempts = _maxAttempts,
            Timeout = _timeout,
            Backoff = _backoff,
            Tags = _tags,
            CorrelationId = _correlationId,
            TraceParent = _traceParent,
            Parent = _parentId is null ? null : Identity(_parentId, "parentId"),
            ReplayOf = _replayOf is null ? null : Identity(_replayOf, "replayOf"),
            Workflow = _workflowStep,
            CallbackOf = _callbackOf is null ? null : Identity(_callbackOf, "callbackOf"),
            EnqueuedAt = (_jobId is null ? null : _enqueuedAt) ?? insertedAt,
        };
        JobSpecRules.Check(spec);
        return _jobId is null ? new JobMessage(null, 1, spec) : new JobMessage(Identity(_jobId, "jobId"), _attempt ?? 1, spec) { IsUnadmitted = _unadmitted };
    }

    private static WorkflowOrigin StepOf(ref Utf8JsonReader reader)
    {
        try
        {
            var step = JsonSerializer.Deserialize<WorkflowOrigin>(ref reader, JobJson.Options) ?? throw new JsonException("null");
            // Names rows that are read when the job ends: what can't be a name would fail there at every try.
            return WorkflowIds.IsId(step.Instance) && step.Run.Step.Length <= WorkflowInstance.MaxIdLength ? step : throw new JsonException("it names no step");
        }
        catch (JsonException e)
        {
            throw new MessageFormatException($"the member 'workflowStep' is not of our making: {e.Message}", e);
        }
    }

    private static JobMessageMember Name(ref Utf8JsonReader reader)
    {
        foreach (var (name, member) in JobMessageMembers.All)
        {
            if (reader.ValueTextEquals(name))
                return member;
        }

        return JobMessageMember.Unknown;
    }

    private static void CheckVersion(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var version) || version is < 1 or > JobMessageWriter.Version)
            throw new MessageFormatException($"the member 'v' is not a version that this release reads (1 to {JobMessageWriter.Version})");
    }

    private static string Text(ref Utf8JsonReader reader, JobMessageMember name, int max)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new MessageFormatException($"the member '{name.Text()}' must be a string");
        var text = reader.GetString()!;
        return text.Length <= max ? text : throw new MessageFormatException($"the member '{name.Text()}' is longer than {max} characters");
    }

    private static bool Flag(ref Utf8JsonReader reader, JobMessageMember name) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw new MessageFormatException($"the member '{name.Text()}' must be true or false"),
    };

    private static int Count(ref Utf8JsonReader reader, JobMessageMember name, int max) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var value) && value >= 1 && value <= max
            ? value
            : throw new MessageFormatException($"the member '{name.Text()}' must be a whole number from 1 to {max}");

    private static DateTimeOffset Time(ref Utf8JsonReader reader, JobMessageMember name) =>
        reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var value) && value.UtcDateTime.Year is >= JobLimits.FirstYear and <= JobLimits.LastYear
            ? value.ToUniversalTime()
            : throw new MessageFormatException($"the member '{name.Text()}' must be an ISO 8601 time such as 2026-11-24T09:00:00Z");

    private static TimeSpan Duration(ref Utf8JsonReader reader, JobMessageMember name) =>
        TimeSpan.TryParseExact(Text(ref reader, name, 32), "c", CultureInfo.InvariantCulture, out var value) && value > TimeSpan.Zero && value <= JobLimits.MaxTimeout
            ? value
            : throw new MessageFormatException($"the member '{name.Text()}' must be a duration such as 00:10:00, above zero and at most {JobLimits.MaxTimeout:c}");

    private static string[] Tags(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new MessageFormatException("the member 'tags' must be an array of strings");
        var tags = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (tags.Count == JobLimits.MaxTags)
                throw new MessageFormatException($"there are more than {JobLimits.MaxTags} tags");
            tags.Add(Text(ref reader, JobMessageMember.Tags, JobLimits.MaxTagLength));
        }

        return [.. tags];
    }

    private static ReadOnlyMemory<byte> Raw(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }

    private static ReadOnlyMemory<byte> Decoded(ref Utf8JsonReader reader, JobMessageMember name)
    {
        if (reader.TokenType != JsonTokenType.String || !reader.TryGetBytesFromBase64(out var bytes))
            throw new MessageFormatException($"the member '{name.Text()}' must be base64");
        return PayloadJson.Normalise(bytes, name.Text());
    }

    private static List<ReadOnlyMemory<byte>> Parts(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new MessageFormatException("the member 'pack' must be an array");
        var parts = new List<ReadOnlyMemory<byte>>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
                throw new MessageFormatException("the member 'pack' must hold job messages");
            if (parts.Count == JobLimits.MaxPackedJobs)
                throw new MessageFormatException($"there are more than {JobLimits.MaxPackedJobs} jobs in the pack");
            parts.Add(Raw(ref reader, json));
        }

        return parts.Count > 0 ? parts : throw new MessageFormatException("the pack is empty");
    }

    private static JobId Identity(string text, string name) =>
        JobId.TryParse(text, out var id)
            ? id
            : throw new MessageFormatException(DeadLetterReason.ForgedIdentity, $"the member '{name}' is not a job id (a version 7 UUID)");
}
