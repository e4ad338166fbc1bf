// SPDX-License-Identifier: EUPL-1.2
//
// The tool's commands: each in a file of its own, all in the one table of main.c.
#ifndef INLOOP_APPS_TECHNICIAN_COMMAND_H
#define INLOOP_APPS_TECHNICIAN_COMMAND_H

#include <stddef.h>

enum { COMMAND_USAGE = 2 }; // the exit code of words we do not understand

struct command {
    const char *name;
    // `argv` begins behind the command's name. Gives the exit code; COMMAND_USAGE makes main say
    // `usage`.
    int (*run)(int argc, char **argv);
    const char *usage; // behind the program's and the command's name
};

// The word behind `name` ("--out"), or NULL.
const char *command_option(int argc, char **argv, const char *name);
// How long a path this tool puts together may be.
enum { COMMAND_PATH_BYTES = 600 };

int enrol_command(int argc, char **argv);
int bundle_command(int argc, char **argv);
int agent_command(int argc, char **argv);
int screen_command(int argc, char **argv);
// From a laptop, against the hub (laptop_*.c); exit codes in laptop.h.
int devices_command(int argc, char **argv);
int code_command(int argc, char **argv);
int service_code_command(int argc, char **argv);
int revoke_command(int argc, char **argv);
int log_command(int argc, char **argv);
int staff_command(int argc, char **argv);
int rollout_command(int argc, char **argv);
int bundle_add_command(int argc, char **argv);
int bundle_list_command(int argc, char **argv);

#endif
