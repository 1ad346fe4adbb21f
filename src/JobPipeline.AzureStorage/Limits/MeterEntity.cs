using System.Text.Json;
using Azure.Data.Tables;
using JobPipeline.AzureStorage.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Limits.Meters;
using JobPipeline.Limits.Rules;

namespace JobPipeline.AzureStorage.Limits;

/// <summary>The row of a meter.</summary>
internal static class MeterEntity
{
    /// <summary>Sorts before the rows of parked jobs, so that one query reads both.</summary>
    public const string Row = "m";

    public static TableEntity From(GateId gate, Meter meter) => new(gate.Partition, Row)
    {
        ["Limit"] = gate.Limit,
        ["Key"] = gate.Key,
        ["Rule"] = JsonSerializer.Serialize(meter.Rule, JobJson.Options),
        ["Override"] = JsonSerializer.Serialize(meter.Override, JobJson.Options),
        ["OverrideWhy"] = meter.OverrideWhy ?? "",
        ["Owners"] = JsonSerializer.SerializeToUtf8Bytes(meter.Owners, JobJson.Options),
        ["Granted"] = meter.Granted,
        ["NextArrival"] = meter.NextArrival?.UtcTicks ?? 0L,
        ["Window"] = meter.Window?.UtcTicks ?? 0L,
        ["Used"] = meter.Used,
        ["HasLot"] = meter.HasLot,
        ["TurnDue"] = meter.TurnDue?.UtcTicks ?? 0L,
        ["BlockedUntil"] = meter.BlockedUntil?.UtcTicks ?? 0L,
        ["BlockedWhy"] = meter.BlockedWhy ?? "",
    };

    public static Meter ToMeter(TableEntity entity) => new()
    {
        Rule = JsonSerializer.Deserialize<LimitRule>(entity.GetString("Rule"), JobJson.Options),
        Override = JsonSerializer.Deserialize<LimitRule>(entity.GetString("Override"), JobJson.Options),
        OverrideWhy = Column.Text(entity, "OverrideWhy"),
        Owners = JsonSerializer.Deserialize<SlotOwner[]>(entity.GetBinary("Owners"), JobJson.Options)!,
        Granted = entity.GetInt32("Granted") ?? 0,
        NextArrival = Moment(entity, "NextArrival"),
        Window = Moment(entity, "Window"),
        Used = entity.GetInt32("Used") ?? 0,
        HasLot = entity.GetBoolean("HasLot") ?? false,
        TurnDue = Moment(entity, "TurnDue"),
        BlockedUntil = Moment(entity, "BlockedUntil"),
        BlockedWhy = Column.Text(entity, "BlockedWhy"),
        Version = entity.ETag.ToString(),
    };

    /// <summary>Times of meters are ticks: a column of the service's own kind may be less exact.</summary>
    private static DateTimeOffset? Moment(TableEntity entity, string column) =>
        entity.GetInt64(column) is { } ticks and > 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
}
