/* deskd box: the child that reads hostile mail.  Never called by hand. */
#include "daemon/box.h"
#include "daemon/cmd.h"

static int
box_run(struct context *c, int argc, char **argv)
{
	(void)c;
	(void)argc;
	(void)argv;
	return box_serve();
}

const struct cmd cmd_box = {
	.name = "box",
	.args = "",
	.about = "reads mails from standard input for the work loop",
	.needs = HIDDEN,
	.run = box_run,
};
