namespace JobPipeline.Integration.Tests.Support;

/// <summary>
/// A program that some tests need and that a machine with the .NET SDK and Node.js may lack. Without it, the tests are skipped
/// with the reason; where <c>CI</c> is <c>true</c>, they fail.
/// </summary>
internal static class RequiredTool
{
    /// <summary>Skips the test, or fails it, when the program is not on the PATH.</summary>
    public static void Require(string program) =>
        Require(program, Environment.GetEnvironmentVariable("PATH"), Environment.GetEnvironmentVariable("CI"));

    /// <inheritdoc cref="Require(string)"/>
    public static void Require(string program, string? path, string? ci)
    {
        if (WhyNot(program, path, ci) is not { } missing)
            return;
        if (missing.IsFailure)
            Assert.Fail(missing.Message);
        Assert.Skip(missing.Message);
    }

    /// <summary>Returns why the program is unavailable, or null if it is installed.</summary>
    public static (bool IsFailure, string Message)? WhyNot(string program, string? path, string? ci)
    {
        if (IsOnPath(program, path))
            return null;
        var missing = $"'{program}' is not on the PATH. Install Prometheus 2.42 or later: 'sudo .ci/install-prometheus' on Debian and "
            + "Ubuntu, 'brew install prometheus' on macOS, or https://prometheus.io/download.";
        return string.Equals(ci, "true", StringComparison.OrdinalIgnoreCase)
            ? (true, $"{missing} With CI=true no test may be left out.")
            : (false, missing);
    }

    private static bool IsOnPath(string program, string? path) =>
        (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? program + ".exe" : program)));
}
