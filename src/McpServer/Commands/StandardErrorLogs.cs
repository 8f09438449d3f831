using Microsoft.Extensions.Logging;

namespace McpInfra.Host.Commands;

/// <summary>Writes each log message as one line to standard error. The framework's console costs a start 30 ms of options and containers.</summary>
internal sealed class StandardErrorLogs : ILoggerProvider
{
    /// <summary>Loggers of warnings and worse.</summary>
    public static ILoggerFactory Factory() => new LoggerFactory([new StandardErrorLogs()], new LoggerFilterOptions { MinLevel = LogLevel.Warning });

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Lines(categoryName, Console.Error);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    /// <summary>One category's lines. An exception shows its type and where it was, never its message: that may quote what was sent.</summary>
    internal sealed class Lines(string category, TextWriter output) : ILogger
    {
        // It calls a request that ended with its client, as an open subscription does, a failure.
        private const string Sdk = "ModelContextProtocol.";

        /// <inheritdoc/>
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        /// <inheritdoc/>
        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        /// <inheritdoc/>
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel) || (exception is OperationCanceledException && category.StartsWith(Sdk, StringComparison.Ordinal)))
            {
                return;
            }

            var failure = exception is null ? "" : $" {exception.GetType()} {exception.StackTrace}";
            output.WriteLine(OneLine($"{Name(logLevel)}: {category}[{eventId.Id}] {formatter(state, exception)}{failure}"));
        }

        private static string Name(LogLevel level) => level switch
        {
            LogLevel.Critical => "crit",
            LogLevel.Error => "fail",
            LogLevel.Warning => "warn",
            LogLevel.Information => "info",
            _ => "dbug",
        };

        // Line ends would let a message forge the next line, other control characters a terminal's colours and title.
        private static string OneLine(string text) => string.Create(text.Length, text, static (line, from) =>
        {
            for (var at = 0; at < line.Length; at++)
            {
                line[at] = char.IsControl(from[at]) || from[at] is '\u2028' or '\u2029' ? ' ' : from[at];
            }
        });
    }
}
