"""Hostile texts, generated: the same ones at every run."""
import itertools
import random

SQL = ["'", '"', "`", "--", ";", "/*", "*/", "' OR '1'='1", "'; DROP TABLE accounts;--", "' UNION SELECT 1,2,3--",
       "1) OR (1=1", "admin'--", "%27", "\\'", "x' AND randomblob(100000000)--", "'||(SELECT hex(key) FROM k)||'"]
COMMANDS = ["; id", "| id", "`id`", "$(id)", "&& id", "|| id", "\n id", "%0a id", "& ping -c1 127.0.0.1 &", "$(sleep 9)",
            "{id,}", "${IFS}id", "; curl http://127.0.0.1:9/", "-oProxyCommand=id", "--help", "<(id)"]
TEMPLATES = ["{{7*7}}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{%raw%}", "%s%s%s%n", "%x" * 40, "${jndi:ldap://127.0.0.1/x}"]
MARKUP = ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<?php system($_GET[0]);?>", "<!ENTITY x SYSTEM 'file:///etc/passwd'>"]
LINES = ["\r\nX-Injected: 1", "\nX-Injected: 1", "\rX-Injected: 1", "%0d%0aX-Injected:%201", "\x00", "\x7f", "\x1b[2J", "é", "\u202e"]
ATOMS = SQL + COMMANDS + TEMPLATES + MARKUP + LINES


def metacharacters(count, seed=1):
    """`count` texts: every atom, then atoms put together and cut."""
    yield from ATOMS[:count]
    rng = random.Random(seed)
    for _ in range(count - len(ATOMS)):
        text = "".join(rng.choice(ATOMS) for _ in range(rng.randint(1, 4)))
        yield text[: rng.randint(1, len(text))]


DOTS = ["..", "%2e%2e", "%2E.", ".%2e", "%252e%252e", "..%00", "%c0%ae%c0%ae", "%e0%80%ae%e0%80%ae", "....", "..;", "．．"]
SLASHES = ["/", "\\", "%2f", "%5c", "%252f", "%c0%af", "//", "/./", "%2f%2e%2f"]
TARGETS = ["etc/passwd", "catalog.sqlite", "keys/vault.key", "log/checkpoint", "blobs/00", "proc/self/environ", "windows/win.ini",
           "autorun/x", "x.jsp", "x.php", "WEB-INF/web.xml", ".git/config", "", "con", "nul.", "a:b", "~root"]


def traversals(count):
    """Up to `count` ways to climb out of a folder."""
    depths = range(1, 9)
    every = itertools.product(DOTS, SLASHES, depths, TARGETS, ("", "/"))
    for dots, slash, depth, target, front in itertools.islice(every, count):
        yield front + (dots + slash) * depth + target


DEBUG_PATHS = [
    base + end
    for base in ("admin", "debug", "status", "server-status", "phpinfo", "actuator", "metrics.json", "trace", "console", "setup", "install",
                 "installer", "config", "env", ".env", ".git/HEAD", "wp-login", "login", "api", "api/v1", "api/v2", "swagger", "graphql", "cgi-bin/test",
                 "test", "backup", "dump", "heapdump", "pprof", "debug/pprof", "jolokia", "manager/html", "human.aspx", "guestaccess.aspx", "courier",
                 "webinterface", "owa", "autodiscover", "about.html", "document_root.html", "sftp_account_edit.php")
    for end in ("", "/", ".php", ".jsp", ".aspx", ".cgi", ".html", ".json", ".xml", ".bak", "~", "/..;/admin")
]
