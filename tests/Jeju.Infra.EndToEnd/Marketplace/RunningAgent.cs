using System.Collections.Concurrent;
using System.Text.Json;

using Jeju.Infra.Core;
using Jeju.Infra.Marketplace.Agent;

using Microsoft.Extensions.Logging;

namespace Jeju.Infra.EndToEnd.Marketplace;

/// <summary>An agent inside the test's process, with what it writes.</summary>
internal sealed class RunningAgent : IAsyncDisposable
{
    private readonly AgentSettings _settings;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;
    private readonly Lines _lines = new();

    public RunningAgent(AgentSettings settings)
    {
        _settings = settings;
        _run = AgentHost.RunAsync(settings, TimeProvider.System, _lines, _stop.Token);
    }

    /// <summary>What it wrote, for a failed test's message and for the search for secrets.</summary>
    public string Log => string.Join('\n', _lines.Written);

    /// <summary>The status page.</summary>
    public async Task<JsonElement> StatusAsync()
    {
        using HttpClient http = new();
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(30));
        while (true)
        {
            deadline.Token.ThrowIfCancellationRequested();
            if (_run.IsFaulted)
            {
                await _run;
            }

            try
            {
                if (File.Exists(_settings.StatusFile))
                {
                    string text = await http.GetStringAsync(await File.ReadAllTextAsync(_settings.StatusFile, deadline.Token) + "/status", deadline.Token);
                    return JsonSerializer.Deserialize<JsonElement>(text);
                }
            }
            catch (Exception early) when (early is HttpRequestException or IOException or InvalidOperationException)
            {
                // The file stands a moment before the port answers, or is just being written.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, deadline.Token);
        }
    }

    /// <summary>Waits until a condition holds, within a limit, and tells what the agent wrote when it does not.</summary>
    public async Task WaitUntilAsync(Func<Task<bool>> condition, TimeSpan? limit = null)
    {
        using CancellationTokenSource deadline = new(limit ?? TimeSpan.FromSeconds(60));
        while (!await condition())
        {
            if (deadline.IsCancellationRequested || _run.IsFaulted)
            {
                throw new TimeoutException($"The condition did not come true. The agent wrote:\n{Log}", _run.Exception);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
    }

    private sealed class Lines : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<string> Written { get; } = new();

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Enqueue($"{DateTimeOffset.UtcNow:HH:mm:ss.fff} {logLevel}: {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
