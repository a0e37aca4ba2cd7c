/* Files, locks and secrets: what is refused, and who wins a race. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/files.h"
#include "daemon/keys.h"
#include "tests/test.h"

/* Write a file into the test's folder, which is the current one. */
static void
put(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd == -1 || write(fd, text, strlen(text)) == -1 ||
	    fchmod(fd, mode) == -1)
		test_ok(0, "write %s", path);
	close(fd);
}

static void
test_read(const char *dir)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	char *text = NULL, big[40000];
	size_t n = 99;

	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	put("big", big, 0600);
	test_ok(files_read(&a, "big", 100000, &text, &n, &e) == 0 &&
		n == sizeof(big) - 1 && strcmp(text, big) == 0,
	    "a file larger than one piece");
	put("empty", "", 0600);
	test_ok(files_read(&a, "empty", 10, &text, &n, &e) == 0 && n == 0 &&
		text[0] == '\0',
	    "an empty file");
	n = 99;
	test_ok(files_read(&a, "big", 39998, &text, &n, &e) == -1 &&
		e.kind == ERR_REJECT && n == 99,
	    "too large: %s", e.text);
	test_ok(files_read(&a, dir, 10, &text, &n, &e) == -1 &&
		strncmp(e.text, dir, strlen(dir)) == 0,
	    "a folder: %s", e.text);
	test_ok(files_read(&a, "none", 10, &text, &n, &e) == -1 &&
		strcmp(e.text, "none: No such file or directory") == 0,
	    "no file: %s", e.text);
	arena_done(&a);
}

/* Twelve set-ups (RELIABILITY T49); run as root or not. */
static void
test_safe(const char *dir)
{
	struct conf c = { .files = (const char *[]){ "safe", "shared" },
		.files_n = 2 };
	struct err e = { 0 };

	put("safe", "x", 0600);
	put("read", "x", 0644);
	put("group", "x", 0664);
	put("world", "x", 0646);
	put("shared", "x", 0644);
	test_ok(files_safe("safe", &e) == 0, "0600");
	test_ok(files_safe("read", &e) == 0, "0644: reading is not writing");
	test_ok(files_safe("group", &e) == -1 &&
		strstr(e.text, "its group can write") != NULL,
	    "0664: %s", e.text);
	test_ok(files_safe("world", &e) == -1 &&
		strstr(e.text, "everybody can write") != NULL,
	    "0646: %s", e.text);
	test_ok(files_safe("none", &e) == -1, "not there: %s", e.text);
	mkdir("open", 0700);
	put("open/x", "x", 0600);
	chmod("open", 0777);
	test_ok(files_safe("open/x", &e) == -1, "a folder for all: %s", e.text);
	chmod("open", 0770);
	test_ok(files_safe("open/x", &e) == -1, "a group's folder: %s", e.text);
	chmod("open", 01777);
	test_ok(files_safe("open/x", &e) == 0, "a sticky folder, like /tmp");
	chmod("open", 0777);
	test_ok(symlink("open/x", "link") == 0 && files_safe("link", &e) == -1,
	    "a link into a folder for all: %s", e.text);
	test_ok(symlink("safe", "link2") == 0 && files_safe("link2", &e) == 0,
	    "a link to a safe file");
	test_ok(files_conf_safe(&c, &e) == 0, "all files are safe");
	chmod("shared", 0666);
	test_ok(
	    files_conf_safe(&c, &e) == -1 && strncmp(e.text, "shared:", 7) == 0,
	    "one is not: %s", e.text);
	if (geteuid() == 0) {
		test_ok(
		    chown("read", 4242, 0) == 0 && files_safe("read", &e) == -1,
		    "another's file: %s", e.text);
		test_ok(chown("open", 4242, 0) == 0 &&
			chmod("open", 0755) == 0 &&
			files_safe("open/x", &e) == -1,
		    "another's folder: %s", e.text);
	}
	(void)dir;
}

static void
test_glob(void)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	char **paths = NULL;
	size_t n = 99;

	mkdir("d", 0700);
	put("d/b.conf", "", 0600);
	put("d/A.conf", "", 0600);
	put("d/a.conf", "", 0600);
	put("d/.h.conf", "", 0600);
	put("d/a.conf~", "", 0600);
	test_ok(
	    files_conf_source.glob(NULL, &a, "d/*.conf", &paths, &n, &e) == 0 &&
		n == 3 && strcmp(paths[0], "d/A.conf") == 0 &&
		strcmp(paths[1], "d/a.conf") == 0 &&
		strcmp(paths[2], "d/b.conf") == 0,
	    "a glob is sorted as C sorts, without hidden files");
	test_ok(
	    files_conf_source.glob(NULL, &a, "d/*.x", &paths, &n, &e) == 0 &&
		n == 0,
	    "nothing found is fine");
	test_ok(
	    files_conf_source.glob(NULL, &a, "no/*.x", &paths, &n, &e) == 0 &&
		n == 0,
	    "a folder that is not there holds nothing");
	test_ok(files_conf_source.zone(NULL, "UTC"), "UTC exists everywhere");
	arena_done(&a);
}

static void
test_lock(const char *dir)
{
	struct err e = { 0 };
	int fd = -1, status = 0;
	char want[400];
	pid_t pid;

	test_ok(files_lock(dir, "run", &fd, &e) == 0, "lock");
	snprintf(want, sizeof(want),
	    "deskd is already running on %s: process %d (run) holds it", dir,
	    (int)getpid());
	pid = fork();
	if (pid == 0) {
		int mine = -7;
		int rc = files_lock(dir, "run", &mine, &e);

		_exit(rc == -1 && e.kind == ERR_RETRY && mine == -7 &&
			    strcmp(e.text, want) == 0
			? files_lock(dir, "work", &mine, &e)
			: 2);
	}
	waitpid(pid, &status, 0);
	test_ok(WIFEXITED(status) && WEXITSTATUS(status) == 0,
	    "the second is told who holds it; another lock is free");
	close(fd);
	test_ok(files_lock(dir, "run", &fd, &e) == 0, "free after the end");
	close(fd);
	test_ok(files_lock("/nowhere", "run", &fd, &e) == -1, "no folder: %s",
	    e.text);
	unlink("run.lock");
	test_ok(symlink("victim", "run.lock") == 0 &&
		files_lock(dir, "run", &fd, &e) == -1 &&
		access("victim", F_OK) == -1,
	    "a link is not followed: %s", e.text);
}

static int
read_secret(struct arena *a, enum secret_kind kind, const char *value,
    char **out, struct err *e)
{
	struct conf_secret s = { kind, value, NULL };

	*out = NULL;
	return secret_read(a, &s, out, e);
}

static void
test_stored(const char *dir)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	char *path = arena_printf(&a, "%s/pass", dir), *out;

	put("pass", "hunter2\r\nrest\n", 0600);
	test_ok(read_secret(&a, SECRET_FILE, path, &out, &e) == 0 &&
		strcmp(out, "hunter2") == 0,
	    "the first line of a file");
	chmod("pass", 0640);
	test_ok(read_secret(&a, SECRET_FILE, path, &out, &e) == -1 &&
		e.kind == ERR_REJECT && strstr(e.text, "hunter") == NULL,
	    "others may read it: %s", e.text);
	put("pass", "", 0600);
	test_ok(read_secret(&a, SECRET_FILE, path, &out, &e) == -1, "empty: %s",
	    e.text);
	put("pass", "\nx", 0600);
	test_ok(read_secret(&a, SECRET_FILE, path, &out, &e) == -1,
	    "an empty first line: %s", e.text);
	test_ok(read_secret(&a, SECRET_FILE, dir, &out, &e) == -1,
	    "a folder: %s", e.text);
	if (geteuid() == 0) {
		put("pass", "x", 0600);
		test_ok(chown("pass", 4242, 0) == 0 &&
			read_secret(&a, SECRET_FILE, path, &out, &e) == -1,
		    "another's: %s", e.text);
	}
	unsetenv("CREDENTIALS_DIRECTORY");
	test_ok(secret_elsewhere(
		    &(struct conf_secret){ SECRET_CREDENTIAL, "c", NULL }) &&
		read_secret(&a, SECRET_CREDENTIAL, "c", &out, &e) == -1,
	    "a credential outside the service: %s", e.text);
	setenv("CREDENTIALS_DIRECTORY", dir, 1);
	put("c", "cred\n", 0440); /* systemd's mode, with an ACL */
	test_ok(read_secret(&a, SECRET_CREDENTIAL, "c", &out, &e) == 0 &&
		strcmp(out, "cred") == 0,
	    "a credential");
	unsetenv("CREDENTIALS_DIRECTORY");
	setenv("DESKD_TEST_SECRET", "sesame", 1);
	test_ok(
	    read_secret(&a, SECRET_ENV, "DESKD_TEST_SECRET", &out, &e) == 0 &&
		strcmp(out, "sesame") == 0 &&
		getenv("DESKD_TEST_SECRET") != NULL,
	    "a variable stays for a child that starts again");
	unsetenv("DESKD_TEST_SECRET");
	test_ok(
	    read_secret(&a, SECRET_ENV, "DESKD_TEST_SECRET", &out, &e) == -1,
	    "no variable: %s", e.text);
	test_ok(read_secret(&a, SECRET_NONE, NULL, &out, &e) == -1 &&
		e.kind == ERR_BUG,
	    "no secret at all");
	arena_done(&a);
}

static int
command(
    struct arena *a, const char *script, int64_t ms, char **out, struct err *e)
{
	char sh[] = "sh", flag[] = "-c";
	char *argv[] = { sh, flag, arena_strdup(a, script), NULL };

	*out = NULL;
	return secret_command(a, argv, ms, out, e);
}

static void
test_command(void)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	char *out, name[] = "echo", word[] = "$HOME;`id`", none[] = "no-such";
	char *plain[] = { name, word, NULL }, *missing[] = { none, NULL };
	int64_t since;

	out = NULL;
	test_ok(secret_command(&a, plain, 5000, &out, &e) == 0 &&
		strcmp(out, "$HOME;`id`") == 0,
	    "no shell reads the words");
	test_ok(command(&a, "echo one; echo two", 5000, &out, &e) == 0 &&
		strcmp(out, "one") == 0,
	    "the first line");
	test_ok(command(&a, "echo one; exit 3", 5000, &out, &e) == -1 &&
		e.kind == ERR_RETRY && strstr(e.text, "with 3") != NULL &&
		out == NULL,
	    "it fails: %s", e.text);
	test_ok(
	    command(&a, "true", 5000, &out, &e) == -1, "nothing: %s", e.text);
	test_ok(secret_command(&a, missing, 5000, &out, &e) == -1,
	    "no such program: %s", e.text);
	test_ok(command(&a, "kill -9 $$", 5000, &out, &e) == -1, "killed: %s",
	    e.text);
	test_ok(command(&a, "cat", 5000, &out, &e) == -1,
	    "its input is empty: %s", e.text);
	test_ok(
	    command(&a, "echo x; yes | head -c 1000000", 5000, &out, &e) == 0 &&
		strcmp(out, "x") == 0,
	    "one that talks too much is read to its end");
	since = clock_steady();
	test_ok(command(&a, "sleep 60 & sleep 60", 150, &out, &e) == -1 &&
		e.kind == ERR_RETRY && clock_steady() - since < 5000,
	    "too slow: %s", e.text);
	test_ok(command(&a, "exec >&-; sleep 60", 150, &out, &e) == -1,
	    "slow after closing its output: %s", e.text);
	arena_done(&a);
}

static int
desk_keys(const char *dir, const struct conf_secret *s, struct desk_keys *k,
    struct err *e)
{
	struct arena a = { 0 };
	struct conf *c = conf_default(&a);
	int rc;

	if (s != NULL)
		c->token_keys = *s;
	rc = secret_desk_keys(&a, c, dir, k, e);
	arena_done(&a);
	return rc;
}

#define MAKERS 20

/* Twenty processes start at once; all must see one and the same key. */
static void
test_race(const char *dir)
{
	int go[2], back[2], same = 0;
	struct desk_keys first, key;
	struct err e = { 0 };

	if (pipe(go) == -1 || pipe(back) == -1)
		return;
	for (int i = 0; i < MAKERS; i++) {
		char c;

		if (fork() != 0)
			continue;
		close(go[1]);
		if (read(go[0], &c, 1) == 0 && /* until the parent closes */
		    desk_keys(dir, NULL, &key, &e) == 0 &&
		    write(back[1], &key, sizeof(key)) == sizeof(key))
			_exit(0);
		_exit(1);
	}
	close(go[0]);
	close(go[1]);
	close(back[1]);
	for (int i = 0; i < MAKERS; i++) {
		if (read(back[0], &key, sizeof(key)) != sizeof(key))
			break;
		if (i == 0)
			first = key;
		same += memcmp(&first, &key, sizeof(first)) == 0;
	}
	close(back[0]);
	while (wait(NULL) > 0)
		;
	test_ok(same == MAKERS, "%d of %d makers see one key", same, MAKERS);
}

static void
test_keys(const char *dir)
{
	static const char digits[] =
	    "000102030405060708090A0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
	struct conf_secret s = { SECRET_FILE, NULL, NULL };
	char cat[] = "cat", file[] = "keys";
	struct desk_keys key = { 0 };
	struct err e = { 0 };
	char text[600], path[300];
	struct stat st;

	test_race(dir);
	test_ok(stat("token-keys", &st) == 0 && (st.st_mode & 0777) == 0600 &&
		st.st_nlink == 1,
	    "the key file is private, nothing lies beside it");
	chmod("token-keys", 0644);
	test_ok(desk_keys(dir, NULL, &key, &e) == -1, "readable by others: %s",
	    e.text);
	snprintf(path, sizeof(path), "%s/keys", dir);
	s.value = path;
	snprintf(text, sizeof(text), "# new\n\n15 %s\n0 %064d\n", digits, 0);
	put("keys", text, 0600);
	test_ok(desk_keys(dir, &s, &key, &e) == 0 && key.first == 15 &&
		key.key[15][0] == 0 && key.key[15][10] == 10 &&
		key.key[15][31] == 31,
	    "the first line is the key in use");
	test_ok(
	    key.have[15] && key.have[0] && !key.have[1] && key.key[0][31] == 0,
	    "all other lines prove");
	s = (struct conf_secret){ SECRET_COMMAND, NULL,
		(char *[]){ cat, file, NULL } };
	memset(&key, 0, sizeof(key));
	test_ok(
	    desk_keys(dir, &s, &key, &e) == 0 && key.have[15] && key.have[0],
	    "what a command prints, too");
	s = (struct conf_secret){ SECRET_FILE, path, NULL };
	for (int i = 0; i < 5; i++) {
		static const char *const bad[] = { "16 %s\n", "%s\n", "1 %s0\n",
			"1 %s\nx\n", "# %s\n" };

		/* NOLINTNEXTLINE(clang-diagnostic-format-nonliteral) */
		snprintf(text, sizeof(text), "%.*s%s%s",
		    (int)(strstr(bad[i], "%s") - bad[i]), bad[i], digits,
		    strstr(bad[i], "%s") + 2);
		put("keys", text, 0600);
		test_ok(desk_keys(dir, &s, &key, &e) == -1 &&
			strstr(e.text, "0001") == NULL,
		    "bad keys %d: %s", i, e.text);
	}
	snprintf(text, sizeof(text), "2 %s\n2 %064d\n", digits, 0);
	put("keys", text, 0600);
	test_ok(desk_keys(dir, &s, &key, &e) == -1 &&
		strstr(e.text, "keys:2:") != NULL,
	    "one ID twice: %s", e.text);
	test_ok(desk_keys("/nowhere", NULL, &key, &e) == -1, "no folder: %s",
	    e.text);
}

int
main(void)
{
	char dir[] = "/tmp/deskd-files-XXXXXX", cmd[100];

	umask(022);
	if (mkdtemp(dir) == NULL || chdir(dir) == -1)
		return 1;
	test_read(dir);
	test_safe(dir);
	test_glob();
	test_lock(dir);
	test_stored(dir);
	test_command();
	test_keys(dir);
	snprintf(cmd, sizeof(cmd), "rm -rf %s", dir);
	if (chdir("/") == -1 || system(cmd) != 0) /* NOLINT */
		return 1;
	return test_end();
}
