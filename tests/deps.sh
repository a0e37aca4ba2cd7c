#!/bin/sh
# Install what deskd is built from and tested with.  Debian's libetpan-dev
# allows only the GnuTLS flavour of libcurl.
set -e
. /etc/os-release
sudo=; [ "$(id -u)" = 0 ] || sudo=sudo
case "$ID $ID_LIKE" in
*debian*)
	export DEBIAN_FRONTEND=noninteractive
	# Nothing is started: the tests and the demo run servers of their own.
	policy=/usr/sbin/policy-rc.d
	new=; [ -e /usr/sbin/dovecot ] || new=dovecot
	if [ ! -e $policy ]; then
		printf '#!/bin/sh\nexit 101\n' | $sudo tee $policy >/dev/null
		$sudo chmod 755 $policy
		trap '$sudo rm -f $policy' EXIT
	fi
	$sudo apt-get update -q
	$sudo apt-get install -qy --no-install-recommends gcc make pkg-config git \
	    python3 libetpan-dev libsqlite3-dev libpcre2-dev \
	    libcurl4-gnutls-dev libzstd-dev libxml2-dev libseccomp-dev \
	    nettle-dev dovecot-imapd ca-certificates ${DEPS_MORE:-}
	# Nor at the next start of the machine, unless it was there before.
	if [ -n "$new" ] && [ -d /run/systemd/system ]; then
		$sudo systemctl disable --now $new.service
	fi ;;
*fedora*|*rhel*)
	$sudo dnf install -y gcc make pkgconf git python3 libetpan-devel \
	    sqlite-devel pcre2-devel libcurl-devel libzstd-devel \
	    libxml2-devel libseccomp-devel nettle-devel dovecot ;;
*arch*)
	$sudo pacman -S --needed --noconfirm gcc make pkgconf git python \
	    libetpan sqlite pcre2 curl zstd libxml2 libseccomp nettle dovecot ;;
*)
	echo "install: libetpan sqlite3 libpcre2-8 libcurl libzstd libxml-2.0" \
	    "libseccomp nettle (development files), dovecot, a C compiler," \
	    "pkg-config, python3" >&2
	exit 1 ;;
esac
