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
	for mail in *.eml; do
		"$deskd" parse "$mail" >"${mail%.eml}.want" || exit 1
	done
	exit 0
fi
n=0 bad=0
for mail in *.eml; do
	n=$((n + 1))
	if out=$("$deskd" parse "$mail" | diff "${mail%.eml}.want" - 2>&1); then
		echo "ok $n - $mail"
	else
		echo "not ok $n - $mail"
		echo "$out" | sed 's/^/# /'
		bad=1
	fi
done
# In pieces from a pipe as well as from a file.
for mail in *.eml; do
	n=$((n + 1))
	if "$deskd" parse - <"$mail" | cmp -s "${mail%.eml}.want" -; then
		echo "ok $n - $mail from standard input"
	else
		echo "not ok $n - $mail from standard input"
		bad=1
	fi
done
echo "1..$n"
exit $bad
