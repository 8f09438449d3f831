using System.Net;
using System.Net.Sockets;
using McpInfra.TestKit;
using McpInfra.Tools.Git;
using Npgsql;
using Xunit;

namespace McpInfra.Tools.Tests.Plans.State;

/// <summary>The backend `pg`, written by the real terraform into a real PostgreSQL and read by us.</summary>
public sealed class A_state_in_postgres
{
    private static string Code(string address, string schema = "") => Reading.Code($"  backend \"pg\" {{\n    conn_str = \"{address}\"\n{schema}  }}");

    private static StackSettings Bound(string workspace = "default", string? schema = null) => new(".")
    {
        Workspace = workspace,
        Backend = schema is null ? new() { ["secret_env"] = "STATE" } : new Dictionary<string, string> { ["secret_env"] = "STATE", ["schema_name"] = schema },
    };

    [Fact]
    public async Task Is_read_of_every_workspace_by_selects_alone_and_while_somebody_holds_its_lock()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var postgres = await Postgres.StartAsync(stop);
        await Reading.WriteAsync(Code(postgres.Address));
        await Reading.WriteAsync(Code(postgres.Address), "blue");
        postgres.Statements();

        foreach (var workspace in new[] { "default", "blue" })
        {
            using var reading = new Reading(Code("postgres://elsewhere/x"), Bound(workspace));
            reading.Secret(postgres.Address);
            Assert.Contains($"\"value\": \"{workspace}\"", await reading.TextAsync(), StringComparison.Ordinal);
            Assert.False((await reading.StateAsync()).Locked);
        }

        Assert.All(postgres.Statements().Where(said => !said.Contains("pg_type", StringComparison.Ordinal)), said => Assert.Contains("SELECT", said, StringComparison.Ordinal));

        await using var person = new NpgsqlConnection($"Host=127.0.0.1;Port={postgres.Port};Username=owner;Database=postgres;SSL Mode=Disable");
        await person.OpenAsync(stop);
        await using var takes = new NpgsqlCommand("SELECT pg_advisory_lock(id) FROM terraform_remote_state.states WHERE name = 'blue'", person);
        await takes.ExecuteNonQueryAsync(stop);
        using var locked = new Reading(Code(postgres.Address), Bound("blue"));
        locked.Secret(postgres.Address);
        var state = await locked.StateAsync();
        Assert.NotNull(state.Bytes);
        Assert.True(state.Locked);

        using var absent = new Reading(Code(postgres.Address), Bound("green"));
        absent.Secret(postgres.Address);
        Assert.Null((await absent.StateAsync()).Bytes);

        using var elsewhere = new Reading(Code(postgres.Address, "    schema_name = \"no\\\"such; DROP TABLE x\"\n"), Bound());
        elsewhere.Secret(postgres.Address);
        Assert.Null((await elsewhere.StateAsync()).Bytes);
    }

    [Fact]
    public async Task Is_not_read_by_a_connection_that_only_code_names()
    {
        using var reading = new Reading(Code("postgres://owner:hunter2@127.0.0.1:1/x"));
        var fault = await reading.FaultAsync();
        Assert.Contains("`secret_env`", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgres://u:hunter2@127.0.0.1:1/x?sslmode=disable", "does not answer")]
    [InlineData("host=127.0.0.1 port=1 user=u password=hunter2 sslmode=disable", "does not answer")]
    [InlineData("hunter2", "holds no PostgreSQL connection")]
    [InlineData("postgres://u:hunter2@h/x?sslmode=odd", "holds no PostgreSQL connection")]
    public async Task Says_what_is_wrong_with_a_connection_without_repeating_it(string connection, string said)
    {
        using var reading = new Reading(Code("x"), Bound());
        reading.Secret(connection);
        var fault = await reading.FaultAsync();
        Assert.Contains(said, fault, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_takes_the_connection_and_never_answers_is_given_up()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var reading = new Reading(Code("x"), Bound()) { Limits = new() { Time = TimeSpan.FromMilliseconds(300) } };
        reading.Secret($"postgres://u:hunter2@127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/x?sslmode=disable");
        Assert.Contains("does not answer", await reading.FaultAsync(), StringComparison.Ordinal);
    }
}
