/* parser/json.c */
#include "parser/json.h"
#include "tests/test.h"

int
main(void)
{
	struct json j;
	struct buf b;

	buf_init(&b, 0);
	json_init(&j, &b);
	json_object(&j, NULL);
	json_text(&j, "a", "x\"\\\n\t\x01\x7f ü");
	json_text(&j, "none", NULL);
	json_array(&j, "list");
	json_int(&j, NULL, -7);
	json_bool(&j, NULL, true);
	json_object(&j, NULL);
	json_object_end(&j);
	json_array(&j, NULL);
	json_array_end(&j);
	json_array_end(&j);
	json_time(&j, "when", 1785222846);
	json_time(&j, "never", 0);
	json_text(&j, "bad", "a\xff");
	json_object_end(&j);
	test_text(buf_text(&b),
	    "{\"a\":\"x\\\"\\\\\\n\\t\\u0001\\u007f ü\",\"none\":null,"
	    "\"list\":[-7,true,{},[]],\"when\":\"2026-07-28T07:14:06Z\","
	    "\"never\":null,\"bad\":\"a\xef\xbf\xbd\"}\n",
	    "an object with everything");
	buf_done(&b);
	return test_end();
}
