using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using JobPipeline.Alerts;
using JobPipeline.Alerts.Evaluation;
using JobPipeline.Alerts.Notices;
using JobPipeline.AzureStorage.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.AzureStorage.Alerts;

/// <summary>Stores alerts and silences as rows of one dedicated partition, so that reading them takes one small query.</summary>
internal sealed class TableAlertStore(TableClient table) : IAlertStore
{
    private const string Partition = "alerts";
    private const string SilencePrefix = "silence|";
    private const int MaxValueLength = 300;

    public async Task<AlertBoard> ReadAsync(CancellationToken cancellationToken)
    {
        var alerts = new List<Alert>();
        var silences = new List<AlertSilence>();
        await foreach (var row in table.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {Partition}"), cancellationToken: cancellationToken))
        {
            if (row.RowKey.StartsWith(SilencePrefix, StringComparison.Ordinal))
                silences.Add(ToSilence(row));
            else
                alerts.Add(ToAlert(row));
        }

        return new AlertBoard(alerts, silences);
    }

    public async Task<string?> TryWriteAsync(Alert alert, CancellationToken cancellationToken)
    {
        try
        {
            var answer = alert.Version is { } version
                ? await table.UpdateEntityAsync(ToEntity(alert), new ETag(version), TableUpdateMode.Replace, cancellationToken)
                : await table.AddEntityAsync(ToEntity(alert), cancellationToken);
            return answer.Headers.ETag?.ToString();
        }
        catch (RequestFailedException e) when (IsChanged(e))
        {
            return null;
        }
    }

    public async Task<bool> TryRemoveAsync(Alert alert, CancellationToken cancellationToken)
    {
        try
        {
            // The client treats a missing row as deleted and reports it only by the status.
            var answer = await table.DeleteEntityAsync(Partition, KeyOf(alert), new ETag(alert.Version!), cancellationToken);
            return answer.Status != 404;
        }
        catch (RequestFailedException e) when (IsChanged(e))
        {
            return false;
        }
    }

    public Task PutSilenceAsync(AlertSilence silence, CancellationToken cancellationToken) =>
        table.UpsertEntityAsync(
            new TableEntity(Partition, KeyOfSilence(silence.Rule))
            {
                ["Rule"] = silence.Rule,
                ["Since"] = Column.Time(silence.Since),
                ["Until"] = Column.Time(silence.Until),
                ["By"] = silence.By,
                ["Reason"] = silence.Reason,
            },
            TableUpdateMode.Replace,
            cancellationToken);

    public Task RemoveSilenceAsync(string rule, CancellationToken cancellationToken) =>
        table.DeleteEntityAsync(Partition, KeyOfSilence(rule), cancellationToken: cancellationToken);

    private static bool IsChanged(RequestFailedException e) =>
        e.Status is 409 or 412 || (e.Status == 404 && e.ErrorCode != TableErrorCode.TableNotFound);

    private static string KeyOf(Alert alert) =>
        $"alert|{RowKeyText.Of(alert.Rule)}|{(alert.AttributeValue is { } value ? $"={Bounded(RowKeyText.Of(value))}" : "")}";

    /// <summary>Shortens a text to fit a row key, which has at most 512 characters.</summary>
    private static string Bounded(string text) =>
        text.Length <= MaxValueLength
            ? text
            : $"{text[..MaxValueLength]}|{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16))}";

    private static string KeyOfSilence(string rule) => SilencePrefix + RowKeyText.Of(rule);

    private static TableEntity ToEntity(Alert alert) => new(Partition, KeyOf(alert))
    {
        ["Rule"] = alert.Rule,
        ["AttributeValue"] = alert.AttributeValue,
        ["FiringSince"] = alert.FiringSince,
        ["Witnesses"] = JsonSerializer.Serialize(alert.Witnesses, JobJson.Options),
        ["OrphanedSince"] = alert.OrphanedSince,
        ["AnnouncedSince"] = alert.AnnouncedSince,
        ["Value"] = alert.Value,
        ["Unsent"] = alert.Unsent is { } notice ? JsonSerializer.Serialize(notice, JobJson.Options) : null,
    };

    private static Alert ToAlert(TableEntity row) => new()
    {
        Rule = row.GetString("Rule"),
        AttributeValue = row.GetString("AttributeValue"),
        FiringSince = row.GetDateTimeOffset("FiringSince"),
        Witnesses = JsonSerializer.Deserialize<string[]>(row.GetString("Witnesses"), JobJson.Options)!,
        OrphanedSince = row.GetDateTimeOffset("OrphanedSince"),
        AnnouncedSince = row.GetDateTimeOffset("AnnouncedSince"),
        Value = row.GetDouble("Value"),
        Unsent = row.GetString("Unsent") is { } notice ? JsonSerializer.Deserialize<AlertNotification>(notice, JobJson.Options) : null,
        Version = row.ETag.ToString(),
    };

    private static AlertSilence ToSilence(TableEntity row) =>
        new(
            row.GetString("Rule"),
            Column.Time(row, "Since") ?? default,
            Column.Time(row, "Until") ?? default,
            row.GetString("By"),
            row.GetString("Reason"));
}
