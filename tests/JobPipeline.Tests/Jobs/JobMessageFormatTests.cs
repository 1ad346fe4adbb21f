using System.Text;
using CsCheck;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Tests.Jobs;

public sealed class JobMessageFormatTests
{
    private static readonly JobSpec Nothing = new() { Type = "" };

    public static TheoryData<string> WrittenFiles => [.. Golden.Written.Keys];

    public static TheoryData<string> ForeignFiles => [.. Golden.Foreign.Keys];

    [Fact]
    public void GoldenMessages_TakenTogether_SetEveryPropertyOfASpec()
    {
        var unset = typeof(JobSpec).GetProperties()
            .Where(property => property.CanWrite && property.Name != nameof(JobSpec.Warnings))
            .Where(property => Golden.Written.Values.All(message => Equals(property.GetValue(message.Spec), property.GetValue(Nothing))))
            .Select(property => property.Name);

        Assert.Empty(unset);
    }

    [Fact]
    public void GoldenMessages_InTheFolder_AreAllRead() => Assert.Empty(
        Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Golden"), "*.json").Select(Path.GetFileName).Except(Golden.Files));

    [Theory]
    [MemberData(nameof(WrittenFiles))]
    public void Write_EachGoldenMessage_ReturnsItsBytes(string file)
    {
        var message = Golden.Written[file];
        Assert.Equal(
            Encoding.UTF8.GetString(Golden.Bytes(file)),
            Encoding.UTF8.GetString(JobMessageWriter.Write(message.Id!.Value, message.Attempt, message.Spec)));
    }

    [Fact]
    public void WriteUnadmitted_GoldenMessage_ReturnsBytesThatReadAsUnadmitted()
    {
        Assert.Equal(
            Encoding.UTF8.GetString(Golden.Bytes(Golden.UnadmittedFile)),
            Encoding.UTF8.GetString(JobMessageWriter.WriteUnadmitted(Golden.Id, Golden.Unadmitted.Spec)));
        AssertReads(Golden.Unadmitted, Golden.Bytes(Golden.UnadmittedFile), Golden.At.AddDays(3));
    }

    [Theory]
    [InlineData(Golden.ReadyFile)]
    [InlineData(Golden.ReadyNowFile)]
    public void WriteReady_GoldenMessage_ReturnsBytesThatNameTheGates(string file)
    {
        var (message, bytes) = (file == Golden.ReadyFile ? Golden.Ready : Golden.ReadyNow, Golden.Bytes(file));
        Assert.Equal(
            Encoding.UTF8.GetString(bytes),
            Encoding.UTF8.GetString(JobMessageWriter.WriteReady(Golden.Id, message.Attempt, message.Spec, message.Ready!)));
        AssertReads(message, bytes, Golden.At.AddDays(3));
        var read = Assert.IsType<MessageReading.Job>(JobMessageReader.Read(bytes, Golden.At)).Message.Ready!;
        Assert.Equal(message.Ready!.Queue, read.Queue);
        Assert.Equal(message.Ready.Gates, read.Gates);
        Assert.Equal(message.Ready.Now, read.Now);
    }

    [Fact]
    public void WriteSentHidden_GoldenMessage_ReturnsBytesThatReadAsSentHidden()
    {
        Assert.Equal(
            Encoding.UTF8.GetString(Golden.Bytes(Golden.SentHiddenFile)),
            Encoding.UTF8.GetString(JobMessageWriter.WriteSentHidden([(Golden.Id, Golden.SentHidden.Spec)])));
        AssertReads(Golden.SentHidden, Golden.Bytes(Golden.SentHiddenFile), Golden.At.AddDays(3));
    }

    [Fact]
    public void WriteSentHidden_GoldenJobs_ReturnsAPackThatReadsAsSentHidden()
    {
        Assert.Equal(
            Encoding.UTF8.GetString(Golden.Bytes(Golden.SentHiddenPackFile)),
            Encoding.UTF8.GetString(JobMessageWriter.WriteSentHidden(Golden.Pack)));
        var pack = Assert.IsType<MessageReading.Pack>(JobMessageReader.Read(Golden.Bytes(Golden.SentHiddenPackFile), Golden.At));
        Assert.True(pack.IsSentHidden);
        Assert.Equal(Golden.Pack.Length, pack.Parts.Count);
    }

    [Fact]
    public void WritePack_GoldenJobs_ReturnsTheBytesOfTheFile() =>
        Assert.Equal(
            Encoding.UTF8.GetString(Golden.Bytes(Golden.PackFile)),
            Encoding.UTF8.GetString(JobMessageWriter.WritePack(Golden.Pack)));

    [Theory]
    [MemberData(nameof(WrittenFiles))]
    public void Read_MessageOfThePipeline_ReturnsTheWrittenJob(string file) =>
        AssertReads(Golden.Written[file], Golden.Bytes(file), Golden.At.AddDays(3));

    [Theory]
    [MemberData(nameof(ForeignFiles))]
    public void Read_ForeignMessage_ReturnsAJobEnqueuedWhenItWasInserted(string file) =>
        AssertReads(Golden.Foreign[file], Golden.Bytes(file), Golden.At);

    [Fact]
    public void Read_Pack_ReturnsItsPartsUnchanged()
    {
        var pack = Assert.IsType<MessageReading.Pack>(JobMessageReader.Read(Golden.Bytes(Golden.PackFile), Golden.At));
        Assert.False(pack.IsSentHidden);
        Assert.Equal(Golden.Pack.Length, pack.Parts.Count);
        for (var i = 0; i < pack.Parts.Count; i++)
            AssertReads(new JobMessage(Golden.Pack[i].Id, 1, Golden.Pack[i].Spec), pack.Parts[i], Golden.At);
    }

    [Theory]
    [MemberData(nameof(ForeignFiles))]
    public void Read_Base64OfAMessage_IsTheSameAsTheMessage(string file)
    {
        if (!file.Contains("base64.txt", StringComparison.Ordinal))
            AssertReads(Golden.Foreign[file], Encoding.ASCII.GetBytes(Convert.ToBase64String(Golden.Bytes(file))), Golden.At);
    }

    [Fact]
    public void Read_WithAByteOrderMarkAndWhiteSpace_IgnoresThem()
    {
        byte[] body = [0xEF, 0xBB, 0xBF, .. "\r\n\t "u8, .. Golden.Bytes("retry.json"), .. " \n"u8];
        AssertReads(Golden.Written["retry.json"], body, Golden.At);
    }

    [Fact]
    public void Read_UnknownMembers_IgnoresThem() =>
        AssertReads(
            new JobMessage(null, 1, Golden.Minimal),
            """{"future":{"deep":[1,{"x":null}]},"type":"mail.send","Type":7}"""u8.ToArray(),
            Golden.At);

    [Fact]
    public void Read_NullMembers_TreatsThemAsMissing() =>
        AssertReads(
            new JobMessage(null, 1, Golden.Minimal),
            """{"type":"mail.send","payload":null,"key":null,"expiresAt":null,"maxAttempts":null,"tags":null}"""u8.ToArray(),
            Golden.At);

    [Fact]
    public void Read_AttemptWithoutAJobId_StartsWithTheFirst() =>
        AssertReads(
            new JobMessage(null, 1, Golden.Minimal),
            """{"type":"mail.send","attempt":4,"enqueuedAt":"2020-01-01T00:00:00Z"}"""u8.ToArray(),
            Golden.At);

    [Theory]
    [InlineData("null", "")]
    [InlineData(" { \"a\" : 1 }\n", "{ \"a\" : 1 }")]
    [InlineData("", "")]
    public void Read_EventDataInBase64_NormalisesTheValueAsWritten(string data, string kept)
    {
        var base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes(data));
        var body = $$"""{"specversion":"1.0","type":"mail.send","source":"/s","id":"1","data_base64":"{{base64}}"}""";
        var job = Assert.IsType<MessageReading.Job>(JobMessageReader.Read(Encoding.UTF8.GetBytes(body), Golden.At)).Message;
        Assert.Equal(kept, Encoding.UTF8.GetString(job.Spec.Payload.Span));
        AssertReads(job with { Id = Golden.Id }, JobMessageWriter.Write(Golden.Id, 1, job.Spec), Golden.At);
    }

    [Fact]
    public void WriteAndRead_AnyValidSpec_AreInverse() =>
        Specs
            .Any.Select(Gen.Int[1, JobLimits.MaxAttempts])
            .Sample(
                (spec, attempt) =>
                {
                    JobSpecRules.Check(spec);
                    AssertReads(new JobMessage(Golden.Id, attempt, spec), JobMessageWriter.Write(Golden.Id, attempt, spec), Golden.At);
                },
                iter: 5_000,
                threads: 1);

    private static void AssertReads(JobMessage expected, ReadOnlyMemory<byte> body, DateTimeOffset insertedAt)
    {
        var reading = JobMessageReader.Read(body, insertedAt);
        var message = Assert.IsType<MessageReading.Job>(reading).Message;
        Assert.Equal((expected.Id, expected.Attempt, expected.IsUnadmitted), (message.Id, message.Attempt, message.IsUnadmitted));
        Assert.Equal(expected.IsSentHidden, message.IsSentHidden);
        Golden.AssertSame(expected.Spec, message.Spec);
    }
}
