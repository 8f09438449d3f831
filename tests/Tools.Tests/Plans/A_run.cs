using System.Threading.Channels;
using McpInfra.TestKit;
using McpInfra.Tools.Sandbox;
using Xunit;

namespace McpInfra.Tools.Tests.Plans;

/// <summary>A plan under way, with a clock and a sandbox that wait for the test.</summary>
public sealed class A_run
{
    private static readonly (string, string) Code = ("main.tf", "resource \"terraform_data\" \"a\" {}\n");

    [Fact]
    public async Task That_takes_long_answers_running_and_the_identical_call_waits_on()
    {
        Skip.UnlessFound("terraform");
        var (gate, clock) = (new Gate(), new Clock());
        using var site = Site.With(gate, clock, Code);

        var first = site.AskAsync();
        await gate.Entered;
        await clock.PassAsync();
        var running = await first;
        Assert.Equal("running", running.Structured!["status"]!.GetValue<string>());
        Assert.StartsWith("plan_", running.Structured["plan"]!.GetValue<string>(), StringComparison.Ordinal);

        var second = site.AskAsync();
        gate.Open();
        Assert.Contains("not here", (await second).Text(), StringComparison.Ordinal);
        Assert.Equal(1, gate.Times);
    }

    [Fact]
    public async Task Ends_when_its_only_caller_gives_up()
    {
        Skip.UnlessFound("terraform");
        var gate = new Gate();
        using var site = Site.With(gate, Code);
        using var giving = new CancellationTokenSource();

        var call = site.AskAsync(stop: giving.Token);
        await gate.Entered;
        await giving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await gate.Cancelled;
    }

    [Fact]
    public async Task Goes_on_while_another_caller_waits_for_it()
    {
        Skip.UnlessFound("terraform");
        var gate = new Gate();
        using var site = Site.With(gate, Code);
        using var giving = new CancellationTokenSource();

        var call = site.AskAsync(stop: giving.Token);
        await gate.Entered;
        var other = site.AskAsync();
        await giving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        gate.Open();

        Assert.Contains("not here", (await other).Text(), StringComparison.Ordinal);
        Assert.False(gate.Cancelled.IsCompleted);
    }

    [Fact]
    public async Task Is_refused_when_too_many_run_or_wait()
    {
        Skip.UnlessFound("terraform");
        var gate = new Gate();
        using var site = Site.With(gate, Code);
        var calls = Enumerable.Range(0, 10).Select(number => site.AskAsync(caller: Calls.Caller(session: $"s{number}"))).ToList();
        Assert.Contains("running or waiting", (await site.AskAsync(caller: Calls.Caller(session: "one more"))).Text(), StringComparison.Ordinal);
        gate.Open();
        Assert.All(await Task.WhenAll(calls), answer => Assert.Contains("not here", answer.Text(), StringComparison.Ordinal));
    }

    private sealed class Gate : ISandbox
    {
        private readonly TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int times;

        public Task Entered => entered.Task;

        public Task Cancelled => cancelled.Task;

        public int Times => times;

        public SandboxKind Kind => SandboxKind.Bubblewrap;

        public IReadOnlyList<string> Program => [];

        public ValueTask<string> SettingsAsync(CancellationToken stop) => new("a gate");

        public void Open() => open.SetResult();

        public string Shown(ReadOnlyBind bind) => bind.Inside;

        public async ValueTask<SandboxReadiness> ProbeAsync(CancellationToken stop)
        {
            Interlocked.Increment(ref times);
            entered.TrySetResult();
            try
            {
                await open.Task.WaitAsync(stop);
                return new SandboxReadiness(false, "not here");
            }
            catch (OperationCanceledException)
            {
                cancelled.TrySetResult();
                throw;
            }
        }

        public Task<Cage> OpenAsync(SandboxRequest request, CancellationToken stop) => throw new SandboxException("It was opened without being ready.");
    }

    private sealed class Clock : TimeProvider
    {
        private readonly Channel<Action> due = Channel.CreateUnbounded<Action>();

        /// <summary>Lets the next timer be due, as soon as somebody waits for one.</summary>
        public async Task PassAsync() => (await due.Reader.ReadAsync(TestContext.Current.CancellationToken))();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Assert.True(due.Writer.TryWrite(() => callback(state)));
            return new Timer();
        }

        private sealed class Timer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
                // Nothing is held.
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
