# deskd: "make deps" once, then "make", "make demo", "make test".  GNU make.
#
#   make SAN=address,undefined test     the tests under sanitizers
#   make fuzz TIME=600                  ten minutes of each fuzzer
#   make fuzz-keep                      and keep what they have found
#   make demo ARGS=--stay               a desk to play with

# A tarball of "make dist" has its version in a file.
VERSION := $(shell cat VERSION 2>/dev/null || \
	   git describe --tags --dirty --always 2>/dev/null || echo dev)
PREFIX  ?= /usr/local
UNITDIR ?= $(PREFIX)/lib/systemd/system
MANDIR  ?= $(PREFIX)/share/man
EXAMPLES ?= $(PREFIX)/share/doc/deskd/examples
TIME    ?= 20
ARGS    ?=

PKGS     = libetpan sqlite3 libpcre2-8 libcurl libzstd libxml-2.0 libseccomp nettle
CFLAGS  ?= -O2 -g
CSTD     = -std=c11 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE
WARN     = -Wall -Wextra -Wshadow -Wpointer-arith -Wcast-qual -Wundef \
	   -Wwrite-strings -Wstrict-prototypes -Wmissing-prototypes \
	   -Wformat=2 -Wvla -Wswitch-enum -Wconversion
HARDEN   = -fstack-protector-strong -fPIE
CPPFLAGS += -I. -Ibuild $(shell pkg-config --cflags $(PKGS))
# Only the names: Debian's libetpan.pc adds gcc-only -specs flags and four libraries we never call.
LDLIBS  += $(shell pkg-config --libs-only-L $(PKGS)) -letpan -lsqlite3 \
	   -lpcre2-8 -lcurl -lzstd -lxml2 -lseccomp -lnettle
LDFLAGS += -pie -Wl,-z,relro,-z,now

# Each kind of build has its own folder, so they never mix.
comma := ,
B := build
ifdef SAN
B      := build/$(subst $(comma),-,$(SAN))
CFLAGS += -fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer
else
CPPFLAGS += -D_FORTIFY_SOURCE=2
endif
ALL_CFLAGS = $(CSTD) $(WARN) $(HARDEN) $(CFLAGS)

SRC   = $(wildcard parser/*.c rules/*.c store/*.c daemon/*.c)
TEXT  = $(SRC) $(wildcard parser/*.h rules/*.h store/*.h daemon/*.h tests/*.[ch] \
	tests/fuzz/*.c tests/bench/*.c)
OBJ   = $(SRC:%.c=$B/%.o)
LIB   = $B/deskd.a
TESTS = $(patsubst tests/%.c,$B/%,$(wildcard tests/*_test.c))
FUZZ  = $(patsubst tests/fuzz/%.c,$B/%,$(wildcard tests/fuzz/*_fuzz.c))
GEN   = build/schema.h build/version.h build/templates.h build/sample.h
SAMPLE = conf/people.conf conf/sla.conf $(wildcard conf/rules.d/*.conf)
MAN   = $(wildcard daemon/*.1 conf/*.5 conf/*.7)

all: deskd

# -f: an old one may be running.
deskd: $B/deskd
	cp -f $< $@

$B/deskd: $(LIB)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $B/daemon/main.o $(LIB) $(LDLIBS)

# Tests link this, so a test of parser/ pulls in nothing of the store.
$(LIB): $(OBJ)
	@rm -f $@
	$(AR) rcs $@ $(filter-out %/main.o,$^)

# Generated headers come first; which object needs which is in its .d file.
$B/%.o: %.c | $(GEN)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The schema is a readable .sql file, templates are readable .txt files and the
# demo's rules those of conf/; the program carries them as strings.  Each header appears whole, by rename: two
# makes may run at once, and one may be stopped.
quote = sed 's/\\/\\\\/g; s/"/\\"/g; s/^/"/; s/$$/\\n"/'

build/schema.h: store/schema.sql
	@mkdir -p build
	{ echo 'static const char schema_sql[] ='; \
	  $(quote) $<; echo ';'; } > $@.$$$$ && mv $@.$$$$ $@

build/templates.h: $(wildcard conf/templates/*/*.txt)
	@mkdir -p build
	{ echo 'static const char *const template_texts[][2] = {'; \
	  for f in $^; do echo "{ \"$${f#conf/templates/}\","; \
	  $(quote) $$f; echo '},'; done; \
	  echo '{ 0, 0 } };'; } > $@.$$$$ && mv $@.$$$$ $@

build/sample.h: $(SAMPLE)
	@mkdir -p build
	{ echo 'static const char *const sample_texts[][2] = {'; \
	  for f in $^; do echo "{ \"$${f#conf/}\","; \
	  $(quote) $$f; echo '},'; done; \
	  echo '{ 0, 0 } };'; } > $@.$$$$ && mv $@.$$$$ $@

build/version.h: FORCE
	@mkdir -p build
	@echo '#define VERSION "$(VERSION)"' > $@.$$$$; \
	  if cmp -s $@.$$$$ $@; then rm $@.$$$$; else mv $@.$$$$ $@; fi

$B/%_test: $B/tests/%_test.o $(LIB)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

test: $B/deskd $B/parse_bench $(TESTS)
	@DESKD=$B/deskd BENCH=$B/parse_bench SAN=$(SAN) python3 tests/run.py --build $B $(ARGS)

# The golden mails as they are read now, and what is printed of rules; git shows
# what changed.
want: deskd
	DESKD=$(CURDIR)/deskd tests/golden.t --write
	DESKD=$(CURDIR)/deskd python3 tests/scenario/rules_print.py --write

# Under clang each fuzzer runs for TIME seconds, then keeps what it found.
fuzz:
	$(MAKE) CC=clang SAN=fuzzer-no-link,address,undefined fuzz-run

fuzz-run: $(FUZZ)
	@printf '%s\n' $(FUZZ) | xargs -P2 -I@ tests/fuzz/run.sh @ $(TIME)

# What long hunts have found, made small, as seeds for the short runs.
fuzz-keep:
	$(MAKE) CC=clang SAN=fuzzer-no-link,address,undefined fuzz-keep-run

fuzz-keep-run: $(FUZZ)
	tests/fuzz/keep.py $(FUZZ)

$B/%_fuzz: $B/tests/fuzz/%_fuzz.o $(LIB)
	$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ $^ $(LDLIBS)

$B/%_bench: $B/tests/bench/%_bench.o $(LIB)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# First what is missing, then the build, under -j too.
demo: deps-quiet
	@$(MAKE) --no-print-directory deskd
	./deskd demo $(ARGS)

bench: deskd $B/parse_bench $B/rules_speed_test
	DESKD=./deskd BENCH=$B/parse_bench RULES=$B/rules_speed_test python3 tests/bench/bench.py $(ARGS)

format:
	clang-format -i $(TEXT)

lint: $(GEN)
	tests/layers.sh
	clang-format --dry-run -Werror $(TEXT)
	@printf '%s\n' $(SRC) | xargs -P2 -I@ tests/tidy.sh @ $(CPPFLAGS) $(CSTD)

deps:
	tests/deps.sh

# For the demo on a fresh machine: ask the package manager only when needed.
deps-quiet:
	@PATH=$$PATH:/usr/sbin; pkg-config --exists $(PKGS) && \
	  command -v $(CC) >/dev/null && command -v dovecot >/dev/null || tests/deps.sh

install: deskd
	install -D -m 755 deskd $(DESTDIR)$(PREFIX)/bin/deskd
	for m in $(MAN); do install -D -m 644 $$m \
	  $(DESTDIR)$(MANDIR)/man$${m##*.}/$${m##*/} || exit 1; done
	for f in conf/deskd.conf $(SAMPLE); do install -D -m 644 $$f \
	  $(DESTDIR)$(EXAMPLES)/$${f#conf/} || exit 1; done
	install -d $(DESTDIR)$(UNITDIR)
	sed 's,/usr/bin/deskd,$(PREFIX)/bin/deskd,' systemd/deskd.service \
	  > $(DESTDIR)$(UNITDIR)/deskd.service
	chmod 644 $(DESTDIR)$(UNITDIR)/deskd.service
	install -D -m 644 systemd/deskd.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/deskd.conf
	install -D -m 644 systemd/deskd.tmpfiles $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/deskd.conf

# What was installed; configuration, secrets and the state folder stay.
uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/deskd $(DESTDIR)$(UNITDIR)/deskd.service \
	  $(foreach m,$(MAN),$(DESTDIR)$(MANDIR)/man$(subst .,,$(suffix $m))/$(notdir $m)) \
	  $(patsubst conf/%,$(DESTDIR)$(EXAMPLES)/%,conf/deskd.conf $(SAMPLE)) \
	  $(DESTDIR)$(PREFIX)/lib/sysusers.d/deskd.conf \
	  $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/deskd.conf

# What is committed, and the version it would have been built with.
dist: NAME = deskd-$(VERSION:%-dirty=%)
dist:
	@mkdir -p build
	@echo $(VERSION:%-dirty=%) > build/VERSION
	git archive --prefix=$(NAME)/ --add-file=build/VERSION -o $(NAME).tar.gz HEAD

clean:
	rm -rf build deskd

.PHONY: all test want fuzz fuzz-run fuzz-keep fuzz-keep-run demo bench format lint deps deps-quiet install uninstall dist clean FORCE
.SECONDARY:
.DELETE_ON_ERROR:
-include $(OBJ:.o=.d) $(wildcard $B/tests/*.d $B/tests/*/*.d)
