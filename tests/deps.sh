#!/bin/sh
# Install what deskd is built from and tested with.  Debian's libetpan-dev
# allows only the GnuTLS flavour of libcurl.
set -e
. /etc/os-release
sudo=; [ "$(id -u)" = 0 ] || sudo=sudo
case "$ID $ID_LIKE" in
*debian*)
	export DEBIAN_FRONTEND=noninteractive
	$sudo apt-get update -q
	# A policy that starts nothing: the tests run servers of their own.
	$sudo apt-get install -qy --no-install-recommends gcc make pkg-config git \
	    python3 libetpan-dev libsqlite3-dev libpcre2-dev \
	    libcurl4-gnutls-dev libzstd-dev libxml2-dev libseccomp-dev \
	    nettle-dev dovecot-imapd ca-certificates ${DEPS_MORE:-} ;;
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
