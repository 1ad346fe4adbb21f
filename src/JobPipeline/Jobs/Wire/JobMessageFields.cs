using System.Text;
using System.Text.Json;
using static JobPipeline.Jobs.Wire.JobMessageValues;

namespace JobPipeline.Jobs.Wire;

/// <summary>The members of a message, each validated as it is read.</summary>
internal struct JobMessageFields()
{
    /// <summary>The number of unknown member names to keep. Only a few of a CloudEvent's extensions are worth a warning.</summary>
    private const int MaxUnknown = 32;

    private string? _type, _jobId, _key, _correlationId, _traceParent, _parentId, _replayOf, _callbackOf, _workflow, _tenant, _group;
    private string? _specVersion, _source, _eventId;
    private DateTimeOffset? _notBefore, _expiresAt, _enqueuedAt, _eventTime;
    private int? _maxAttempts, _attempt;
    private TimeSpan? _timeout;
    private BackoffOverride? _backoff;
    private WorkflowOrigin? _workflowStep;
    private ReadyMark? _ready;
    private string[] _tags = [];
    private IReadOnlyList<string> _warnings = [];
    private List<string>? _unknown;
    private int _moreUnknown;
    private bool _payloadRef, _unadmitted;
    private ReadOnlyMemory<byte> _payload, _data, _input;
    private ulong _seen;

    /// <summary>Whether the message, of one job or packed, was sent hidden.</summary>
    public bool IsSentHidden { get; private set; }

    /// <summary>The parts of a packed message; null for a single job.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>>? Pack { get; private set; }

    public void ReadMember(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        var name = Name(ref reader);
        if (name == JobMessageMember.Unknown)
            KeepUnknown(Encoding.UTF8.GetString(reader.ValueSpan));
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
            case JobMessageMember.Tenant: _tenant = Text(ref reader, name, JobLimits.MaxTenantLength); break;
            case JobMessageMember.Group: _group = Text(ref reader, name, JobLimits.MaxTenantLength); break;
            case JobMessageMember.Ready: _ready = ReadyMark.Read(ref reader); break;
            case JobMessageMember.TraceParent: _traceParent = Text(ref reader, name, JobLimits.MaxCorrelationLength); break;
            case JobMessageMember.JobId: _jobId = Text(ref reader, name, JobLimits.MaxCorrelationLength); break;
            case JobMessageMember.ParentId: _parentId = Text(ref reader, name, JobLimits.MaxCorrelationLength); break;
            case JobMessageMember.ReplayOf: _replayOf = Text(ref reader, name, JobLimits.MaxCorrelationLength); break;
            case JobMessageMember.CallbackOf: _callbackOf = Text(ref reader, name, JobLimits.MaxCorrelationLength); break;
            case JobMessageMember.Warnings: _warnings = Warnings(ref reader); break;
            case JobMessageMember.Unadmitted: _unadmitted = Flag(ref reader, name); break;
            case JobMessageMember.SentHidden: IsSentHidden = Flag(ref reader, name); break;
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
        if (isEvent && ErrorOfEvent() is { } error)
            throw new MessageFormatException(error);
        if (_type is null && _workflow is null)
            throw new MessageFormatException($"the member 'type' is missing: it names the job to run{CaseHint()}");
        if (_type is not null && _workflow is not null)
            throw new MessageFormatException("a message must have either 'type' or 'workflow', not both");
        var spec = new JobSpec
        {
            Type = _type ?? WorkflowStart.JobType,
            Payload = isEvent ? _data
                : _workflow is not null ? PayloadJson.Normalise(WorkflowStart.Payload(_workflow, _input), "input")
                : _payload,
            PayloadInBlob = _payloadRef && !isEvent,
            Key = isEvent ? $"{_source} {_eventId}" : _key,
            NotBefore = isEvent ? null : _notBefore,
            ExpiresAt = isEvent ? null : _expiresAt,
            MaxAttempts = _maxAttempts,
            Timeout = _timeout,
            Backoff = _backoff,
            Tags = _tags,
            CorrelationId = _correlationId,
            Tenant = _tenant,
            Group = _group,
            TraceParent = _traceParent,
            Parent = _parentId is null ? null : Identity(_parentId, "parentId"),
            ReplayOf = _replayOf is null ? null : Identity(_replayOf, "replayOf"),
            Workflow = _workflowStep,
            CallbackOf = _callbackOf is null ? null : Identity(_callbackOf, "callbackOf"),
            Warnings = _jobId is null ? MessageWarnings.Of(_unknown ?? [], _moreUnknown, Idle(isEvent), isEvent) : _warnings,
            EnqueuedAt = (_jobId is null ? null : _enqueuedAt) ?? insertedAt,
        };
        JobSpecRules.Check(spec);
        return _jobId is null
            ? new JobMessage(null, 1, spec)
            : new JobMessage(Identity(_jobId, "jobId"), _attempt ?? 1, spec)
            {
                IsUnadmitted = _unadmitted,
                IsSentHidden = IsSentHidden,
                Ready = _ready,
            };
    }

    /// <summary>Checks that a CloudEvent's source and id, which together form the unique key, are present and not too long.</summary>
    private readonly string? ErrorOfEvent()
    {
        const int max = JobLimits.MaxKeyLength - 1;
        if (string.IsNullOrEmpty(_source) || string.IsNullOrEmpty(_eventId))
            return "a CloudEvent must have 'source' and 'id'";
        var length = _source.Length + _eventId.Length;
        return length <= max ? null : $"the members 'source' and 'id' have {length} characters together; the limit is {max}";
    }

    private void KeepUnknown(string name)
    {
        _unknown ??= [];
        if (_unknown.Count < MaxUnknown)
            _unknown.Add(MessageWarnings.Cut(name));
        else
            _moreUnknown++;
    }

    /// <summary>
    /// Gets a hint at a member that differs from 'type' only in case. Senders in other languages may not expect names to be
    /// case-sensitive.
    /// </summary>
    private readonly string CaseHint() =>
        _unknown?.Find(name => name.Equals("type", StringComparison.OrdinalIgnoreCase)) is { } near
            ? $" ('{near}' is not recognized: names are case-sensitive)"
            : "";

    /// <summary>Gets the names of known members that have no effect in this kind of message.</summary>
    private readonly string[] Idle(bool isEvent)
    {
        var seen = _seen;
        var idle = isEvent ? JobMessageMembers.NotOfEvents
            : JobMessageMembers.NotOfMessages.Append(_workflow is null ? JobMessageMember.Input : JobMessageMember.Payload);
        return [.. idle.Where(member => (seen & (1UL << (int)member)) != 0).Select(member => member.Text())];
    }

    private static WorkflowOrigin StepOf(ref Utf8JsonReader reader)
    {
        try
        {
            var step = JsonSerializer.Deserialize<WorkflowOrigin>(ref reader, JobJson.Options) ?? throw new JsonException("null");
            // The ids name rows that are read when the job ends. An invalid name would fail there on every attempt.
            return WorkflowIds.IsId(step.Instance) && step.Run.Step.Length <= WorkflowIds.MaxLength
                ? step
                : throw new JsonException("it does not identify a workflow step");
        }
        catch (JsonException e)
        {
            throw new MessageFormatException($"the member 'workflowStep' is reserved for the pipeline: {e.Message}", e);
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
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var version)
            || version is < 1 or > JobMessageWriter.Version)
            throw new MessageFormatException(
                $"the member 'v' must be a version that this release supports (1 to {JobMessageWriter.Version})");
    }

    private static JobId Identity(string text, string name) =>
        JobId.TryParse(text, out var id)
            ? id
            : throw new MessageFormatException(DeadLetterReason.ForgedIdentity, $"the member '{name}' is not a job id (a version 7 UUID)");
}
