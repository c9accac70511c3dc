namespace Crm.Embedded.Tests;

public sealed class PostmasterTests
{
    [Fact]
    public void Ready_server_is_read_with_its_port() =>
        Postmaster.Parse("4711\n/data\n1700000000\n54321\n\n127.0.0.1\n  123  0\nready   \n").ShouldBe(new Postmaster(4711, 54321, IsReady: true));

    [Theory]
    [InlineData("4711\n/data\n1700000000\n54321\n\n127.0.0.1\n  123  0\nstarting\n", 54321)]
    [InlineData("4711\n/data\n17", 0)]
    public void Server_that_has_not_written_all_lines_is_not_ready(string text, int port) =>
        Postmaster.Parse(text).ShouldBe(new Postmaster(4711, port, IsReady: false));

    [Theory]
    [InlineData(""), InlineData("\n"), InlineData("garbage\n")]
    public void File_without_a_pid_is_nobody(string text) => Postmaster.Parse(text).ShouldBeNull();
}
