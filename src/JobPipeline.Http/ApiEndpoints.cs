using JobPipeline.Http.Alerts;
using JobPipeline.Http.Failures;
using JobPipeline.Http.Instances;
using JobPipeline.Http.JobTypes;
using JobPipeline.Http.Jobs;
using JobPipeline.Http.Limits;
using JobPipeline.Http.OpenApi;
using JobPipeline.Http.Queues;
using JobPipeline.Http.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Http;

/// <summary>
/// The API's endpoints, for a host that maps them to routes of its own. It is the only type that such a host has to name, so
/// the endpoints and what they depend on stay internal.
/// </summary>
public sealed class ApiEndpoints
{
    private readonly IServiceProvider _services;

    internal ApiEndpoints(IServiceProvider services) => _services = services;

    internal JobEndpoints Jobs => Get<JobEndpoints>();

    internal JobListEndpoints JobList => Get<JobListEndpoints>();

    internal BatchEndpoints Batches => Get<BatchEndpoints>();

    internal DeadLetterEndpoints DeadLetters => Get<DeadLetterEndpoints>();

    internal ReplayEndpoints Replays => Get<ReplayEndpoints>();

    internal ErrorEndpoints Errors => Get<ErrorEndpoints>();

    internal AlertEndpoints Alerts => Get<AlertEndpoints>();

    internal OpenApiEndpoints OpenApi => Get<OpenApiEndpoints>();

    internal LimitEndpoints Limits => Get<LimitEndpoints>();

    internal CircuitEndpoints Circuits => Get<CircuitEndpoints>();

    internal InstanceEndpoints Instances => Get<InstanceEndpoints>();

    internal QueueEndpoints Queues => Get<QueueEndpoints>();

    internal JobTypeEndpoints JobTypes => Get<JobTypeEndpoints>();

    internal HealthEndpoints Health => Get<HealthEndpoints>();

    internal WorkflowStartEndpoints WorkflowStarts => Get<WorkflowStartEndpoints>();

    internal WorkflowEndpoints Workflows => Get<WorkflowEndpoints>();

    internal WorkflowControlEndpoints WorkflowControl => Get<WorkflowControlEndpoints>();

    private T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();
}
