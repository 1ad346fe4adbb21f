using JobPipeline.Workflows.Local;

namespace JobPipeline.SelfHost;

/// <summary>Tidies the workflow instances that are at rest, every second and when the host stops.</summary>
internal sealed class WorkflowRest(TurnQueue turns, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TurnQueue.RestAfter, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await turns.RestAsync(isStopping: false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    /// <summary>Called when the listeners have stopped, because hosted services stop in reverse order.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await turns.RestAsync(isStopping: true);
    }
}
