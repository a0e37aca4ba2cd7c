/* The subcommands in the order of `deskd help`: one line for each file. */
CMD(version)
CMD(help)
