#!/bin/sh
# Golden mails: `deskd parse tests/mail/X.eml` has to print tests/mail/X.want.
# A bug report becomes a test by saving the mail (addresses made anonymous) and
# running "make want", which writes what is printed now; git shows the change.
cd "$(dirname "$0")/mail" || exit 1
deskd=${DESKD:-../../deskd}
case $deskd in
/*) ;;
*/*) [ -x "$deskd" ] || deskd=../../$deskd ;;
esac
if [ "$1" = --write ]; then
	rm -f ./*.want
	for mail in *.eml; do
		"$deskd" parse "$mail" >"${mail%.eml}.want" || exit 1
	done
	exit 0
fi
n=0 bad=0
ok() {
	n=$((n + 1))
	echo "ok $n - $1"
}
not_ok() {
	n=$((n + 1)) bad=1
	echo "not ok $n - $1"
}
for mail in *.eml; do
	if out=$("$deskd" parse "$mail" | diff "${mail%.eml}.want" - 2>&1); then
		ok "$mail"
	else
		not_ok "$mail"
		echo "$out" | sed 's/^/# /'
	fi
done
# Every eighth in small pieces from a pipe.
k=0
for mail in *.eml; do
	k=$((k + 1))
	[ $((k % 8)) = 0 ] || continue
	if dd bs=61 status=none if="$mail" | "$deskd" parse - |
	    cmp -s "${mail%.eml}.want" -; then
		ok "$mail in pieces"
	else
		not_ok "$mail in pieces"
	fi
done
for want in *.want; do
	[ -e "${want%.want}.eml" ] || not_ok "$want has a mail"
done
echo "1..$n"
exit $bad
