/*
 * The names of charsets.  A name that is not on the list is never handed to
 * iconv (T33).  What a charset's users really send decides, as in the WHATWG
 * Encoding Standard: "gb2312" is GB18030, "iso-8859-1" windows-1252.
 */
#include "parser/charset_name.h"

#include <string.h>

static const struct charset charsets[] = {
	{ "utf8", SET_UTF8, NULL }, /* the most common ones first */
	{ "usascii", SET_ASCII, NULL },
	{ "iso88591", SET_LATIN1, NULL },
	{ "windows1252", SET_LATIN1, NULL },
	{ "ascii", SET_ASCII, NULL },
	{ "ansix341968", SET_ASCII, NULL },
	{ "iso646us", SET_ASCII, NULL },
	{ "binary", SET_ASCII, NULL },
	{ "8bit", SET_ASCII, NULL },
	{ "xunknown", SET_ASCII, NULL },
	{ "unknown", SET_ASCII, NULL },
	{ "unknown8bit", SET_ASCII, NULL },
	{ "default", SET_ASCII, NULL },
	{ "defaultcharset", SET_ASCII, NULL },
	{ "userdefined", SET_ASCII, NULL },
	{ "xuserdefined", SET_ASCII, NULL },
	{ "utf8mb4", SET_UTF8, NULL },
	{ "unicode11utf8", SET_UTF8, NULL },
	{ "88591", SET_LATIN1, NULL },
	{ "latin1", SET_LATIN1, NULL },
	{ "cp1252", SET_LATIN1, NULL },
	{ "xansi", SET_LATIN1, NULL },
	{ "ansi", SET_LATIN1, NULL },
	{ "xcp1252", SET_LATIN1, NULL },
	{ "iso885911987", SET_LATIN1, NULL },
	{ "iso8859", SET_LATIN1, NULL },
	{ "l1", SET_LATIN1, NULL },
	{ "win1252", SET_LATIN1, NULL },
	{ "windowswesteurope", SET_LATIN1, NULL },
	{ "utf16", SET_UTF16, NULL },
	{ "utf16le", SET_UTF16, "UTF-16LE" },
	{ "utf16be", SET_UTF16, "UTF-16BE" },
	{ "ucs2", SET_UTF16, NULL },
	{ "unicode", SET_UTF16, NULL },
	{ "utf32", SET_ICONV, "UTF-32" },
	{ "utf32le", SET_ICONV, "UTF-32LE" },
	{ "utf32be", SET_ICONV, "UTF-32BE" },
	{ "iso88592", SET_ICONV, "ISO-8859-2" },
	{ "latin2", SET_ICONV, "ISO-8859-2" },
	{ "iso88593", SET_ICONV, "ISO-8859-3" },
	{ "iso88594", SET_ICONV, "ISO-8859-4" },
	{ "iso88595", SET_ICONV, "ISO-8859-5" },
	{ "iso88596", SET_ICONV, "ISO-8859-6" },
	{ "iso88597", SET_ICONV, "ISO-8859-7" },
	{ "iso88598", SET_ICONV, "ISO-8859-8" },
	{ "hebrew", SET_ICONV, "ISO-8859-8" },
	{ "logical", SET_ICONV, "ISO-8859-8" },
	{ "visual", SET_ICONV, "ISO-8859-8" },
	{ "iso88598i", SET_ICONV, "ISO-8859-8" },
	{ "iso88598e", SET_ICONV, "ISO-8859-8" },
	{ "iso88599", SET_ICONV, "CP1254" },
	{ "latin5", SET_ICONV, "CP1254" },
	{ "iso885910", SET_ICONV, "ISO-8859-10" },
	{ "iso885911", SET_ICONV, "CP874" },
	{ "iso885913", SET_ICONV, "ISO-8859-13" },
	{ "iso885914", SET_ICONV, "ISO-8859-14" },
	{ "iso885915", SET_ICONV, "ISO-8859-15" },
	{ "latin9", SET_ICONV, "ISO-8859-15" },
	{ "iso885916", SET_ICONV, "ISO-8859-16" },
	{ "windows1250", SET_ICONV, "CP1250" },
	{ "cp1250", SET_ICONV, "CP1250" },
	{ "windows1251", SET_ICONV, "CP1251" },
	{ "cp1251", SET_ICONV, "CP1251" },
	{ "windows1253", SET_ICONV, "CP1253" },
	{ "cp1253", SET_ICONV, "CP1253" },
	{ "windows1254", SET_ICONV, "CP1254" },
	{ "cp1254", SET_ICONV, "CP1254" },
	{ "windows1255", SET_ICONV, "CP1255" },
	{ "cp1255", SET_ICONV, "CP1255" },
	{ "windows1256", SET_ICONV, "CP1256" },
	{ "cp1256", SET_ICONV, "CP1256" },
	{ "windows1257", SET_ICONV, "CP1257" },
	{ "cp1257", SET_ICONV, "CP1257" },
	{ "windows1258", SET_ICONV, "CP1258" },
	{ "cp1258", SET_ICONV, "CP1258" },
	{ "xcp1250", SET_ICONV, "CP1250" },
	{ "win1250", SET_ICONV, "CP1250" },
	{ "xcp1251", SET_ICONV, "CP1251" },
	{ "win1251", SET_ICONV, "CP1251" },
	{ "cyrillic", SET_ICONV, "ISO-8859-5" },
	{ "greek", SET_ICONV, "ISO-8859-7" },
	{ "arabic", SET_ICONV, "ISO-8859-6" },
	{ "windows874", SET_ICONV, "CP874" },
	{ "cp874", SET_ICONV, "CP874" },
	{ "tis620", SET_ICONV, "CP874" },
	{ "koi8r", SET_ICONV, "KOI8-R" },
	{ "koi8", SET_ICONV, "KOI8-R" },
	{ "cskoi8r", SET_ICONV, "KOI8-R" },
	{ "xkoi8r", SET_ICONV, "KOI8-R" },
	{ "koi8u", SET_ICONV, "KOI8-U" },
	{ "koi8ru", SET_ICONV, "KOI8-U" },
	{ "cp437", SET_ICONV, "CP437" },
	{ "ibm437", SET_ICONV, "CP437" },
	{ "cp850", SET_ICONV, "CP850" },
	{ "ibm850", SET_ICONV, "CP850" },
	{ "cp852", SET_ICONV, "CP852" },
	{ "ibm852", SET_ICONV, "CP852" },
	{ "cp855", SET_ICONV, "CP855" },
	{ "cp866", SET_ICONV, "CP866" },
	{ "ibm866", SET_ICONV, "CP866" },
	{ "macintosh", SET_ICONV, "MACINTOSH" },
	{ "macroman", SET_ICONV, "MACINTOSH" },
	{ "xmacroman", SET_ICONV, "MACINTOSH" },
	{ "xmaccyrillic", SET_ICONV, "MAC-CYRILLIC" },
	{ "gb2312", SET_ICONV, "GB18030" },
	{ "gb231280", SET_ICONV, "GB18030" },
	{ "csgb2312", SET_ICONV, "GB18030" },
	{ "csiso58gb231280", SET_ICONV, "GB18030" },
	{ "xgb2312", SET_ICONV, "GB18030" },
	{ "chinese", SET_ICONV, "GB18030" },
	{ "windows936", SET_ICONV, "GB18030" },
	{ "ms936", SET_ICONV, "GB18030" },
	{ "hzgb2312", SET_HZ, "GB18030" },
	{ "gbk", SET_ICONV, "GB18030" },
	{ "xgbk", SET_ICONV, "GB18030" },
	{ "cp936", SET_ICONV, "GB18030" },
	{ "euccn", SET_ICONV, "GB18030" },
	{ "gb18030", SET_ICONV, "GB18030" },
	{ "big5", SET_ICONV, "BIG5-HKSCS" },
	{ "xbig5", SET_ICONV, "BIG5-HKSCS" },
	{ "cp950", SET_ICONV, "BIG5-HKSCS" },
	{ "csbig5", SET_ICONV, "BIG5-HKSCS" },
	{ "cnbig5", SET_ICONV, "BIG5-HKSCS" },
	{ "big5eten", SET_ICONV, "BIG5-HKSCS" },
	{ "windows950", SET_ICONV, "BIG5-HKSCS" },
	{ "big5hkscs", SET_ICONV, "BIG5-HKSCS" },
	{ "euckr", SET_ICONV, "UHC" },
	{ "ksc56011987", SET_ICONV, "UHC" },
	{ "ksc5601", SET_ICONV, "UHC" },
	{ "csksc56011987", SET_ICONV, "UHC" },
	{ "ksc56011989", SET_ICONV, "UHC" },
	{ "cseuckr", SET_ICONV, "UHC" },
	{ "korean", SET_ICONV, "UHC" },
	{ "ms949", SET_ICONV, "UHC" },
	{ "xwindows949", SET_ICONV, "UHC" },
	{ "ksx1001", SET_ICONV, "UHC" },
	{ "uhc", SET_ICONV, "UHC" },
	{ "cp949", SET_ICONV, "UHC" },
	{ "windows949", SET_ICONV, "UHC" },
	{ "johab", SET_ICONV, "JOHAB" },
	{ "iso2022kr", SET_ICONV, "ISO-2022-KR" },
	{ "shiftjis", SET_ICONV, "CP932" },
	{ "sjis", SET_ICONV, "CP932" },
	{ "xsjis", SET_ICONV, "CP932" },
	{ "csshiftjis", SET_ICONV, "CP932" },
	{ "windows932", SET_ICONV, "CP932" },
	{ "ms932", SET_ICONV, "CP932" },
	{ "mskanji", SET_ICONV, "CP932" },
	{ "cp932", SET_ICONV, "CP932" },
	{ "windows31j", SET_ICONV, "CP932" },
	{ "eucjp", SET_ICONV, "EUC-JP-MS" },
	{ "xeucjp", SET_ICONV, "EUC-JP-MS" },
	{ "iso2022jp", SET_JIS, "CP932" },
	{ "iso2022jp1", SET_JIS, "CP932" },
	{ "iso2022jp2", SET_JIS, "CP932" },
	{ "iso2022jp3", SET_JIS, "CP932" },
	{ "iso2022jp2004", SET_JIS, "CP932" },
	{ "csiso2022jp", SET_JIS, "CP932" },
	{ "cp50222", SET_JIS, "CP932" },
	{ "jis", SET_JIS, "CP932" },
	{ "iso2022jpms", SET_JIS, "CP932" },
	{ "cp50220", SET_JIS, "CP932" },
	{ "cp50221", SET_JIS, "CP932" },
};
#define CHARSETS (sizeof(charsets) / sizeof(*charsets))

static const struct charset unknown = { "", SET_UNKNOWN, NULL };

/* Letters and digits in lower case decide; "//IGNORE" and the like end it. */
const struct charset *
charset_find(const char *name)
{
	char key[32];
	size_t n = 0;

	for (; name != NULL && *name != '\0' && *name != '/'; name++) {
		char c = *name;

		if (c >= 'A' && c <= 'Z')
			c = (char)(c + 32);
		if ((c < 'a' || c > 'z') && (c < '0' || c > '9'))
			continue;
		if (n == sizeof(key) - 1)
			return &unknown;
		key[n++] = c;
	}
	key[n] = '\0';
	for (size_t i = 0; n > 0 && i < CHARSETS; i++)
		if (charsets[i].name[0] == key[0] &&
		    strcmp(charsets[i].name, key) == 0)
			return &charsets[i];
	return &unknown;
}

const struct charset *
charset_at(size_t i)
{
	return i < CHARSETS ? &charsets[i] : NULL;
}
